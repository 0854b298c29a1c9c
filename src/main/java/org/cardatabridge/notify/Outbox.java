// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TryLaterException;

/**
 * What the rules have to say on its way to the channels: grouped, held in quiet hours, each channel
 * for itself. A notice leaves it when every channel has it, so it comes at least once; one that a
 * channel took does not come again there. Safe for use by many threads: what one sends no other
 * does.
 */
public final class Outbox {

  /** Exchange property: the message under way. */
  static final String MESSAGE = "cardata.message";

  /** How the id of what says an end ends. */
  static final String OVER = "|over";

  private static final String SINK = "cardata.sink";

  private static final long CLAIM_LOOK_MILLIS = 1_000;

  /** Longer than one request may take. */
  private static final Duration CLAIMED = Duration.ofMinutes(2);

  /** A channel that fails for so long, while another has it, need not get it any more. */
  private static final Duration LATE = Duration.ofDays(1);

  /** So long a look of the clock gathers by itself, as it comes each five seconds or later. */
  private static final Duration GATHERED = Duration.ofSeconds(5);

  /** So long a sink is left to send what its values had to say, and the clock keeps out. */
  private static final Duration FIRST_GO = Duration.ofSeconds(30);

  private static final int MOST_REFUSED = 1_000;

  /** A channel in use: by which run, for what, and how long at most; one at a time keeps order. */
  private record Claim(long run, Set<String> ids, Instant until) {}

  private final NotifySettings settings;
  private final Memory memory;
  private final Messages messages;
  private final Clock clock;
  private final Map<String, ChannelHealth> health = new TreeMap<>();
  private final Map<String, Claim> claims = new HashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private long run;

  Outbox(NotifySettings settings, Memory memory, Messages messages, Clock clock) {
    this.settings = settings;
    this.memory = memory;
    this.messages = messages;
    this.clock = clock;
    settings.channels().forEach(c -> health.put(c.name(), new ChannelHealth(c.name())));
    // One that was taken out of the settings is owed nothing any more.
    if (!health.isEmpty()) {
      memory.change(p -> true, p -> p.onlyFor(health.keySet()));
    }
  }

  /** Takes what the rules have to say; what it had before, it has once. */
  public void put(@Body Noted noted) {
    Set<String> channels = health.keySet();
    noted.notices().forEach(notice -> memory.add(notice, channels));
  }

  /**
   * Takes back what was not sent yet of a rule's beginnings; ends that wait stay.
   *
   * @param id of the beginning that is over now
   * @return whether that one was taken back
   */
  synchronized boolean withdraw(String rule, String subject, String id) {
    List<Pending> unsent =
        memory.pending().stream()
            .filter(p -> p.notice().rule().equals(rule) && p.notice().subject().equals(subject))
            .filter(p -> !p.notice().id().endsWith(OVER))
            .filter(p -> !p.taken() && p.owed().stream().noneMatch(c -> isUnderWay(p, c)))
            .toList();
    memory.withdraw(unsent::contains);
    return unsent.stream().anyMatch(p -> p.notice().id().equals(id));
  }

  private boolean isUnderWay(Pending pending, String channel) {
    Claim claim = claims.get(channel);
    return claim != null && claim.ids().contains(pending.notice().id());
  }

  /**
   * The messages to send now, in their order for each channel; whoever gets them sends them.
   *
   * @param sink where a sink asks, what is in use is waited for, and where every channel fails they
   *     are tried again at once, as the sink keeps the pauses itself; null for the clock
   * @throws org.cardatabridge.settings.BadSettingException where a setting is of no use
   */
  public synchronized List<Message> due(@ExchangeProperty(SINK) String sink)
      throws InterruptedException {
    settings.check();
    boolean isSink = sink != null;
    dropOldClaims();
    while (isSink && !claims.isEmpty()) {
      wait(CLAIM_LOOK_MILLIS);
      dropOldClaims();
    }
    Instant now = clock.instant();
    boolean isGathered = isSink || isGathered(now);
    run++;
    memory.change(p -> p.taken() && p.notice().at().isBefore(now.minus(LATE)), this::giveUp);
    memory.change(p -> true, p -> p.at(now));
    memory.save();
    boolean isEager = isSink && health.values().stream().allMatch(ChannelHealth::fails);
    List<Message> all = new ArrayList<>();
    for (ChannelHealth channel : health.values()) {
      if (channel.isReady(now, isEager) && !claims.containsKey(channel.name())) {
        List<Pending> mine =
            memory.pending().stream()
                .filter(p -> p.owed().contains(channel.name()) && isDue(p, now))
                .filter(p -> isSink || isGathered && isForTheClock(p.notice(), now))
                .toList();
        if (!mine.isEmpty()) {
          Set<String> ids =
              mine.stream()
                  .map(p -> p.notice().id())
                  .collect(Collectors.toCollection(HashSet::new));
          claims.put(channel.name(), new Claim(run, ids, now.plus(CLAIMED)));
          all.addAll(messages.of(channel.name(), mine, now, run));
        }
      }
    }
    return all;
  }

  private void dropOldClaims() {
    Instant now = clock.instant();
    claims.values().removeIf(claim -> claim.until().isBefore(now));
    // A clock that was set back would hold the claim of whoever is gone for as long.
    Instant most = now.plus(CLAIMED);
    claims.replaceAll(
        (channel, claim) ->
            claim.until().isAfter(most) ? new Claim(claim.run(), claim.ids(), most) : claim);
  }

  /** Whether the oldest that waits for the clock has waited for others long enough. */
  private boolean isGathered(Instant now) {
    Instant gathered = now.minus(settings.duration("group-for")).plus(GATHERED);
    return memory.pending().stream()
        .map(Pending::notice)
        .filter(notice -> isForTheClock(notice, now))
        .anyMatch(notice -> !notice.at().isAfter(gathered) || notice.at().isAfter(now));
  }

  private static boolean isForTheClock(Notice notice, Instant now) {
    return notice.origin() == null
        || notice.at().isBefore(now.minus(FIRST_GO))
        || notice.at().isAfter(now);
  }

  private Pending giveUp(Pending pending) {
    return new Pending(pending.notice(), Set.of(), true, false);
  }

  private boolean isDue(Pending pending, Instant now) {
    QuietHours quiet = settings.quietHours();
    return pending.notice().urgent() || quiet == null || !quiet.contains(now);
  }

  /** Whether the channel has not failed since the message was handed out. */
  public synchronized boolean isStillDue(@Body Message message) {
    Claim claim = claims.get(message.channel());
    boolean isMine = claim != null && claim.run() == message.run();
    if (isMine && health.get(message.channel()).failedRun() < message.run()) {
      Instant until = clock.instant().plus(CLAIMED);
      claims.put(message.channel(), new Claim(claim.run(), claim.ids(), until));
      return true;
    }
    release(message);
    return false;
  }

  private void release(Message message) {
    Claim claim = claims.get(message.channel());
    if (claim != null && claim.run() == message.run()) {
      message.notices().forEach(notice -> claim.ids().remove(notice.id()));
      if (claim.ids().isEmpty()) {
        claims.remove(message.channel());
        notifyAll();
      }
    }
  }

  /** The channel has the message. */
  public synchronized void taken(@ExchangeProperty(MESSAGE) Message message) {
    health.get(message.channel()).works(clock.instant());
    change(message, p -> p.takenBy(message.channel()));
    release(message);
    memory.save();
  }

  private void change(Message message, UnaryOperator<Pending> how) {
    Set<String> ids = message.notices().stream().map(Notice::id).collect(Collectors.toSet());
    memory.change(p -> ids.contains(p.notice().id()), how);
  }

  /**
   * The channel does not have the message: it comes again, unless it was refused for good. Of
   * several notices each then goes alone, so that one does not take the others with it.
   */
  public synchronized void failed(
      @ExchangeProperty(MESSAGE) Message message,
      @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
    release(message);
    if (!(failure instanceof EventRefusedException)) {
      health.get(message.channel()).failed(failure, message.run(), clock.instant());
      return;
    }
    if (message.notices().size() > 1) {
      change(message, Pending::asSingle);
    } else {
      Notice notice = message.notices().get(0);
      Set<String> last = Set.of(message.channel());
      boolean isNobodys =
          memory.pending().stream()
              .filter(p -> p.notice().id().equals(notice.id()))
              .anyMatch(p -> !p.taken() && p.owed().equals(last));
      if (isNobodys && notice.origin() != null) {
        refused.put(notice.origin(), failure.getMessage());
        if (refused.size() > MOST_REFUSED) {
          refused.remove(refused.keySet().iterator().next());
        }
      }
      health.get(message.channel()).refused(notice, failure);
      change(message, p -> p.refusedBy(message.channel()));
    }
    memory.save();
  }

  /**
   * Ends a sink's exchange: returns where at least one channel has all that is due.
   *
   * @param body what the sink was handed: a {@link CarEvent} or a list of them
   * @param sink null for the clock, which has nobody to tell
   * @throws EventRefusedException where what one of these values had to say was refused
   * @throws TryLaterException where no channel takes anything for now
   * @throws IOException for other trouble
   */
  public synchronized void settle(@Body Object body, @ExchangeProperty(SINK) String sink)
      throws IOException {
    if (sink == null) {
      return;
    }
    for (Object event : body instanceof List<?> list ? list : List.of(body)) {
      String why = event instanceof CarEvent e ? refused.get(CarRules.origin(e)) : null;
      if (why != null) {
        throw new EventRefusedException(why);
      }
    }
    Instant now = clock.instant();
    Optional<Pending> stuck =
        memory.pending().stream()
            .filter(p -> !p.taken() && isDue(p, now))
            .filter(p -> p.alone() || p.owed().stream().anyMatch(c -> health.get(c).fails()))
            .findFirst();
    if (stuck.isPresent()) {
      for (String channel : stuck.get().owed()) {
        health.get(channel).complain(now);
      }
      throw new TryLaterException(
          "Sending notifications: a message was refused, its parts go one by one",
          Duration.ofMillis(1));
    }
  }
}
