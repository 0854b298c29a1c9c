// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import org.cardatabridge.CarEvent;

/** Makes what a target refuses of what it takes. Holds nothing. */
final class Poison {

  private Poison() {}

  /** The same data point with another descriptor and value. */
  static CarEvent with(CarEvent good, String key, Object value) {
    return new CarEvent(
        good.account(),
        good.vin(),
        good.vehicle(),
        key,
        value,
        good.unit(),
        good.timestamp(),
        good.received(),
        good.source());
  }
}
