// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cardatabridge.CarEvent;

/** Changes data points one by one, without a copy where nothing changes. Stateless. */
final class EachPoint {

  private EachPoint() {}

  /**
   * What the function makes of each point, in their order; a point it makes null of is left out.
   *
   * @return the same list where the function returned each point itself; else an unmodifiable one
   */
  static List<CarEvent> map(List<CarEvent> points, UnaryOperator<CarEvent> function) {
    if (points == null) {
      return List.of();
    }
    List<CarEvent> changed = null;
    for (int i = 0; i < points.size(); i++) {
      CarEvent before = points.get(i);
      CarEvent after = function.apply(before);
      if (changed == null && after != before) {
        changed = new ArrayList<>(points.size());
        changed.addAll(points.subList(0, i));
      }
      if (changed != null && after != null) {
        changed.add(after);
      }
    }
    return changed == null ? points : List.copyOf(changed);
  }

  /** The point with another value and unit. */
  static CarEvent with(CarEvent point, Object value, String unit) {
    return new CarEvent(
        point.account(),
        point.vin(),
        point.vehicle(),
        point.key(),
        value,
        unit,
        point.timestamp(),
        point.received(),
        point.source());
  }
}
