// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.meaning.Meaning;

/**
 * A charge from the first energy to the last, pauses in it. Immutable.
 *
 * @param start when energy began to flow
 * @param heard when the last news of it was measured
 * @param received when that was received
 * @param ended when it was over; null while it is not
 * @param from what the car showed at the start
 * @param to what it showed last
 * @param isDoubtful whether the state of charge in {@code from} was measured long before the start
 * @param socAt when the state of charge in {@code to} was measured
 * @param flow when energy flowed, and how much
 * @param cost by the tariff, up to {@code socAt}
 */
record ChargeSession(
    Instant start,
    Instant heard,
    Instant received,
    Instant ended,
    Mark from,
    Mark to,
    boolean isDoubtful,
    Instant socAt,
    Flow flow,
    double cost) {

  private static final Duration FIRST_REPORT = Duration.ofMinutes(3);
  private static final Duration KNOWN = Duration.ofMinutes(15);
  private static final Duration LEAST_TIME = Duration.ofMinutes(2);

  /** A time in which energy flowed. */
  record Span(Instant from, Instant to) {
    Duration length() {
      return Duration.between(from, to);
    }
  }

  /**
   * When energy flowed, and how much.
   *
   * @param since null while none flows
   * @param spans those since the last state of charge
   * @param before how long energy flowed before those that are in {@code since}
   * @param power the last one, in kW; null where none is known
   * @param powerAt when that was
   * @param most the highest one
   * @param energy what the power adds up to, in kWh
   * @param isDirect whether direct current flowed
   */
  record Flow(
      Instant since,
      List<Span> spans,
      Duration before,
      Double power,
      Instant powerAt,
      double most,
      double energy,
      boolean isDirect) {

    private static final Duration LONGEST_STEP = Duration.ofMinutes(30);

    Flow begun(Instant time) {
      return since != null
          ? this
          : new Flow(time, spans, before, power, powerAt, most, energy, isDirect);
    }

    Flow paused(Instant time) {
      if (since == null || time.isBefore(since)) {
        return this;
      }
      List<Span> more = new ArrayList<>(spans);
      Span span = new Span(since, time);
      more.add(span);
      Flow done = flowing(0, time, isDirect);
      return new Flow(
          null,
          List.copyOf(more),
          before.plus(span.length()),
          0.0,
          time,
          most,
          done.energy,
          isDirect);
    }

    Flow flowing(double kilowatts, Instant time, boolean direct) {
      double more = 0;
      if (power != null && time.isAfter(powerAt) && since != null) {
        Duration step = Duration.between(powerAt, time);
        // Right before a pause the power is still that of the last report.
        double mean = kilowatts == 0 || power == 0 ? power : (power + kilowatts) / 2;
        more = mean * Math.min(step.toSeconds(), LONGEST_STEP.toSeconds()) / 3_600;
      }
      return new Flow(
          since,
          spans,
          before,
          kilowatts,
          time,
          Math.max(most, kilowatts),
          energy + more,
          isDirect || direct);
    }

    /** When energy flowed up to a time, since the last state of charge. */
    List<Span> upTo(Instant time) {
      List<Span> all = new ArrayList<>(spans);
      if (since != null && time.isAfter(since)) {
        all.add(new Span(since, time));
      }
      return all;
    }

    /** The same with nothing before a time left to account for. */
    Flow accounted(Instant time) {
      Instant from = since != null && time.isAfter(since) ? time : since;
      Duration gone = since == null ? Duration.ZERO : Duration.between(since, from);
      return new Flow(from, List.of(), before.plus(gone), power, powerAt, most, energy, isDirect);
    }

    Duration length(Instant end) {
      return since == null || !end.isAfter(since)
          ? before
          : before.plus(Duration.between(since, end));
    }
  }

  static ChargeSession begin(News news) {
    Mark mark = Mark.of(news.car());
    Instant time = news.at();
    Flow flow = new Flow(time, List.of(), Duration.ZERO, null, null, 0, 0, false);
    return new ChargeSession(
        time, time, news.event().received(), null, mark, mark, isOld(news), time, flow, 0);
  }

  ChargeSession heard(Instant time, Instant receipt) {
    Instant later = time.isAfter(heard) ? time : heard;
    return new ChargeSession(start, later, receipt, ended, from, to, isDoubtful, socAt, flow, cost);
  }

  ChargeSession ended(Instant time) {
    return new ChargeSession(start, heard, received, time, from, to, isDoubtful, socAt, flow, cost);
  }

  ChargeSession flow(Flow other) {
    return new ChargeSession(
        start, heard, received, ended, from, to, isDoubtful, socAt, other, cost);
  }

  ChargeSession at(Mark begin, Mark now) {
    return new ChargeSession(
        start, heard, received, ended, begin, now, isDoubtful, socAt, flow, cost);
  }

  /** After a state of charge, in percent. */
  ChargeSession charged(double soc, Instant time, Double capacity, DerivedSettings terms) {
    boolean isFirst = from.soc() == null || isStart(time) || isWrong(soc, time);
    if (isFirst) {
      return new ChargeSession(
          start,
          heard,
          received,
          ended,
          from.withSoc(soc),
          to.withSoc(soc),
          false,
          time,
          flow,
          cost);
    }
    double more = 0;
    if (capacity != null && terms.tariff() != null) {
      more = cost((soc - to.soc()) / 100 * grid(capacity, terms), time, terms.tariff());
    }
    return new ChargeSession(
        start,
        heard,
        received,
        ended,
        from,
        to.withSoc(soc),
        false,
        time,
        flow.accounted(time),
        cost + more);
  }

  /** What was known before is older than what the car says when it begins. */
  private boolean isStart(Instant time) {
    return socAt.equals(start)
        && Duration.between(start, time).compareTo(FIRST_REPORT) <= 0
        && from.soc().equals(to.soc());
  }

  /** What was known long before the start is wrong where no charge leads from it to this. */
  private boolean isWrong(double soc, Instant time) {
    double hours = Duration.between(start, time).toSeconds() / 3_600.0;
    double more = soc - from.soc();
    return isDoubtful && (more < 0 || !flow.isDirect() && Pace.isFast(more / hours));
  }

  private static boolean isOld(News news) {
    return news.car()
        .number(Meaning.SOC)
        .filter(soc -> soc.timestamp().isBefore(news.at().minus(KNOWN)))
        .isPresent();
  }

  /** What the wall box gives for so much in the battery. */
  private double grid(double energy, DerivedSettings terms) {
    return flow.isDirect() ? energy : energy / (1 - terms.loss());
  }

  private double cost(double energy, Instant time, Tariff tariff) {
    List<Span> spans = flow.upTo(time);
    long seconds = spans.stream().mapToLong(span -> span.length().toSeconds()).sum();
    if (seconds == 0) {
      return tariff.cost(socAt, time, energy);
    }
    return spans.stream()
        .mapToDouble(
            span ->
                tariff.cost(span.from(), span.to(), energy * span.length().toSeconds() / seconds))
        .sum();
  }

  Instant end() {
    return ended != null ? ended : heard;
  }

  /** Whether anything was charged, as far as can be known. */
  boolean counts() {
    boolean isMore = from.soc() != null && to.soc() > from.soc();
    return isMore || flow.length(end()).compareTo(LEAST_TIME) >= 0;
  }

  /**
   * Its fields, in the order of the docs; what is not known is left out.
   *
   * @param capacity usable energy of the battery in kWh; null where not known
   */
  Map<String, Object> row(Double capacity, DerivedSettings terms) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", Mark.id("charge", start));
    row.put("start", start.toString());
    row.put("end", end().toString());
    Mark.put(row, "minutes", Duration.between(start, end()).toSeconds() / 60.0, 1);
    double hours = flow.length(end()).toSeconds() / 3_600.0;
    Mark.put(row, "chargingMinutes", hours * 60, 1);
    Mark.put(row, "startStateOfCharge", from.soc(), 10);
    Mark.put(row, "endStateOfCharge", to.soc(), 10);
    Double energy = energy(capacity);
    Mark.put(row, "energy", energy, 100);
    if (energy != null) {
      Mark.put(row, "gridEnergy", grid(energy, terms), 100);
    }
    if (energy != null && hours > 0) {
      Mark.put(row, "averagePower", energy / hours, 10);
    }
    if (flow.power() != null) {
      Mark.put(row, "maxPower", flow.most(), 10);
    }
    row.put("current", flow.isDirect() ? "DC" : "AC");
    Mark.put(row, "odometer", to.odometer(), 10);
    if (terms.tariff() != null && energy != null && cost >= 0) {
      boolean isByPower = capacity == null || from.soc() == null;
      Mark.put(
          row,
          "cost",
          isByPower ? terms.tariff().cost(start, end(), grid(energy, terms)) : cost,
          100);
    }
    to.putPlace(row, "position", "atHome", terms.home());
    return row;
  }

  /** By the state of charge, else by the power; null where neither says anything. */
  private Double energy(Double capacity) {
    if (capacity != null && from.soc() != null) {
      double energy = (to.soc() - from.soc()) / 100 * capacity;
      return energy < 0 ? null : (Double) energy;
    }
    return flow.power() == null ? null : (Double) flow.energy();
  }
}
