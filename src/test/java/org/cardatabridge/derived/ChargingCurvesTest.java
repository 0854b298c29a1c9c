// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cars of our own that charge along a curve, say whole percents and the power of the moment every 5
 * to 15 minutes, and are compared with what is extrapolated, minute by minute in between.
 */
class ChargingCurvesTest {

  private static final double CAPACITY = 80.7;
  private static final int RUNS = 20;

  /** What a car does: the power at its battery in kW, by state of charge and minutes. */
  enum Curve {
    /** 11 kW from the wall, slower above 96 %. */
    AC_11(20, 100, 0.08) {
      @Override
      double power(double soc, double minute) {
        return soc < 96 ? 10.1 : Math.max(1.5, 10.1 * (1 - (soc - 96) / 4 * 0.85));
      }
    },
    /** A plug in the garage; more is lost than the setting says. */
    AC_3_7(45, 80, 0.12) {
      @Override
      double power(double soc, double minute) {
        return 3.3;
      }
    },
    /** 195 kW at first, 28 kW at 90 %. */
    DC_STEEP(8, 90, 0) {
      @Override
      double power(double soc, double minute) {
        return STEEP.applyAsDouble(soc);
      }
    },
    /** A cold battery: 38 kW, then 3 kW more each minute until the curve holds it back. */
    DC_COLD(15, 85, 0) {
      @Override
      double power(double soc, double minute) {
        return Math.min(38 + 3.1 * minute, STEEP.applyAsDouble(soc) * 0.75);
      }
    },
    /** A station that gives no more than 48 kW. */
    DC_50(20, 92, 0) {
      @Override
      double power(double soc, double minute) {
        return Math.min(48, STEEP.applyAsDouble(soc));
      }
    };

    private static final double[][] POINTS = {
      {0, 150}, {10, 195}, {30, 190}, {45, 140}, {60, 95}, {75, 70}, {82, 48}, {90, 28}, {100, 8}
    };
    private static final DoubleUnaryOperator STEEP =
        soc -> {
          for (int i = 1; i < POINTS.length; i++) {
            if (soc <= POINTS[i][0]) {
              double part = (soc - POINTS[i - 1][0]) / (POINTS[i][0] - POINTS[i - 1][0]);
              return POINTS[i - 1][1] + part * (POINTS[i][1] - POINTS[i - 1][1]);
            }
          }
          return 5;
        };

    private final int from;
    private final int target;
    private final double loss;

    Curve(int from, int target, double loss) {
      this.from = from;
      this.target = target;
      this.loss = loss;
    }

    abstract double power(double soc, double minute);
  }

  /** How whole percents come about, and what else the car says. */
  enum Says {
    CUT_OFF,
    ROUNDED,
    /** The car says 75 kWh where 80.7 can be used. */
    WRONG_CAPACITY,
    NO_POWER_BUT_TIME_LEFT
  }

  private record Outcome(double error, double shown, double worst, boolean isMonotone) {}

  private static Outcome run(Curve curve, Says says, long seed) {
    Random random = new Random(seed);
    double soc = curve.from + random.nextDouble();
    ACar car =
        new ACar()
            .says(-60, ACar.CAPACITY, says == Says.WRONG_CAPACITY ? 75.0 : CAPACITY, "kWh")
            .says(-60, ACar.TARGET, (double) curve.target, "%")
            .says(-60, ACar.SOC, Math.floor(soc), "%")
            .says(0, ACar.PORT, "CONNECTED")
            .says(0, ACar.STATUS, "CHARGINGACTIVE");
    double report = 0;
    List<Double> errors = new ArrayList<>();
    List<Double> shown = new ArrayList<>();
    double before = 0;
    boolean monotone = true;
    for (double minute = 0; soc < curve.target && minute < 3_000; minute++) {
      if (minute >= report) {
        double whole = says == Says.ROUNDED ? Math.rint(soc) : Math.floor(soc);
        car.says(minute + 0.2, ACar.SOC, whole, "%");
        if (says == Says.NO_POWER_BUT_TIME_LEFT) {
          car.says(minute + 0.2, ACar.LEFT, timeLeft(curve, soc, minute), "min");
        } else {
          double watts = curve.power(soc, minute) / (1 - curve.loss) * 1_000;
          car.says(minute + 0.2, ACar.POWER, (double) Math.round(watts), "W");
        }
        report = minute + 5 + random.nextInt(11);
        before = 0;
      }
      for (int second = 0; second < 60; second += 10) {
        soc += curve.power(soc, minute + second / 60.0) / 360 / CAPACITY * 100;
      }
      car.waitsUntil(minute + 1);
      double now = car.last(DerivedValue.STATE_OF_CHARGE);
      errors.add(Math.abs(now - Math.min(soc, curve.target)));
      shown.add(car.last(DerivedValue.ERROR));
      assertThat(now).as("never past the target").isLessThanOrEqualTo(curve.target);
      monotone &= now >= before;
      before = now;
    }
    return new Outcome(
        errors.stream().mapToDouble(e -> e).average().orElseThrow(),
        shown.stream().mapToDouble(e -> e).average().orElseThrow(),
        errors.stream().mapToDouble(e -> e).max().orElseThrow(),
        monotone);
  }

  private static double timeLeft(Curve curve, double from, double begin) {
    double soc = from;
    double minute = begin;
    while (soc < curve.target) {
      soc += curve.power(soc, minute) / 60 / CAPACITY * 100;
      minute++;
    }
    return minute - begin;
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void whatIsExtrapolatedIsLessThanTwoPointsOffOnAverageBetweenReports(Curve curve) {
    for (Says says : Says.values()) {
      double sum = 0;
      double shown = 0;
      double worst = 0;
      for (int run = 0; run < RUNS; run++) {
        Outcome outcome = run(curve, says, run);
        sum += outcome.error();
        shown += outcome.shown();
        worst = Math.max(worst, outcome.worst());
        assertThat(outcome.isMonotone()).as("never back between two reports").isTrue();
      }
      System.out.printf(
          "%-9s %-23s error %.2f shown %.2f worst %.1f%n",
          curve, says, sum / RUNS, shown / RUNS, worst);
      // Without a power nothing tells a cold battery from a warm one.
      double limit = says == Says.NO_POWER_BUT_TIME_LEFT ? 2.5 : 2;
      assertThat(sum / RUNS).as("%s, %s", curve, says).isLessThan(limit);
      assertThat(shown / RUNS).as("shown for %s, %s", curve, says).isBetween(sum / RUNS * 0.8, 6.0);
    }
  }
}
