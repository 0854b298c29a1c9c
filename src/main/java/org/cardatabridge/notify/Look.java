// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;

/**
 * A car as it is with one more value, or as it still is when time has passed: the body of {@code
 * routes/sink-notify.camel.yaml}. Used by one thread at a time.
 */
public final class Look extends Noted {

  private final String vin;
  private final String vehicle;
  private final CarState car;
  private final CarEvent event;
  private final long number;

  /**
   * A look.
   *
   * @param event what is new; null where only time has passed
   * @param number grows with each change of the car
   */
  Look(String vin, String vehicle, CarState car, CarEvent event, long number) {
    this.vin = vin;
    this.vehicle = vehicle;
    this.car = car;
    this.event = event;
    this.number = number;
  }

  String vin() {
    return vin;
  }

  CarState car() {
    return car;
  }

  CarEvent event() {
    return event;
  }

  long number() {
    return number;
  }

  /** What to call the car: its alias, else its model, else just a car; never its VIN. */
  public String vehicle() {
    return vehicle;
  }

  /** The descriptor of the new value; null where only time has passed. */
  public String key() {
    return event == null ? null : event.key();
  }

  /** The new value; null where there is none, or the car said "not available now". */
  public Object value() {
    return event == null ? null : event.value();
  }

  /** The unit of the new value; null where there is none. */
  public String unit() {
    return event == null ? null : event.unit();
  }

  /** Says the descriptor only. */
  @Override
  public String toString() {
    return "Look[" + key() + "]";
  }
}
