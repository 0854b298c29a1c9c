// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * Spells units one way, finds missing ones and makes numbers metric.
 *
 * <p>A number without a unit has the one that came last for this car and descriptor, else the
 * catalogue's. Conversion goes by the unit that came with the value. Bounded in memory and safe for
 * use by many threads.
 */
public final class Units {

  private static final String SETTING = "cardata.units";
  private static final int MOST_CARS = 256;
  private static final int MOST_DESCRIPTORS = 1024;
  private static final int LONGEST_UNIT = 32;

  /** Units of one car that are not what the catalogue says. */
  private static final class LastUnits extends LinkedHashMap<String, String> {

    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > MOST_DESCRIPTORS;
    }
  }

  private final Catalogue catalogue;
  private final boolean metric;
  private final PerVehicle<LastUnits> lastUnits = new PerVehicle<>(MOST_CARS, LastUnits::new);

  /**
   * Reads {@code cardata.units}: {@code metric}, which is the default, or {@code as-sent}.
   *
   * @throws BadSettingException where it is anything else
   */
  public Units(Settings settings, Catalogue catalogue) {
    String text = settings.find(SETTING).orElse("metric");
    if (!text.equals("metric") && !text.equals("as-sent")) {
      throw new BadSettingException(SETTING, text, "metric or as-sent");
    }
    this.metric = text.equals("metric");
    this.catalogue = catalogue;
  }

  /**
   * Gives each point its unit in the one outward spelling and, unless units are left as sent,
   * converts mi, °F and gal.
   *
   * @param points typed data points; null counts as none
   * @return the same points in the same order
   */
  public List<CarEvent> convert(List<CarEvent> points) {
    return EachPoint.map(points, this::converted);
  }

  private CarEvent converted(CarEvent point) {
    String unit = UnitTable.outward(point.unit());
    Object value = point.value();
    if (unit != null) {
      remember(point, unit);
    } else if (value == null || value instanceof Number) {
      unit = missing(point);
    }
    UnitTable.Conversion conversion = metric ? UnitTable.toMetric(unit) : null;
    if (conversion != null && (value == null || value instanceof Number)) {
      return EachPoint.with(
          point,
          value == null ? null : (Object) conversion.apply(((Number) value).doubleValue()),
          conversion.unit());
    }
    boolean same = unit == null ? point.unit() == null : unit.equals(point.unit());
    return same ? point : EachPoint.with(point, value, unit);
  }

  private void remember(CarEvent point, String unit) {
    if (unit.length() > LONGEST_UNIT) {
      return;
    }
    LastUnits units = lastUnits.of(point.account(), point.vin());
    synchronized (units) {
      if (unit.equals(fromCatalogue(point.key()))) {
        units.remove(point.key());
      } else {
        units.put(point.key(), unit);
      }
    }
  }

  private String missing(CarEvent point) {
    LastUnits units = lastUnits.of(point.account(), point.vin());
    synchronized (units) {
      String last = units.get(point.key());
      return last != null ? last : fromCatalogue(point.key());
    }
  }

  private String fromCatalogue(String key) {
    return catalogue.find(key).map(Descriptor::unit).orElse(null);
  }
}
