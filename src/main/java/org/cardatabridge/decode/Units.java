// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final class LastUnits {

    private final Map<String, String> units =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_DESCRIPTORS;
          }
        };

    synchronized void remember(String key, String unit, String usual) {
      if (unit.equals(usual)) {
        units.remove(key);
      } else if (unit.length() <= LONGEST_UNIT) {
        units.put(key, unit);
      }
    }

    synchronized String of(String key) {
      return units.get(key);
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
    return EachPoint.map(points, new OneList()::converted);
  }

  /** Looks up the car's units once, as the points of a list are nearly always of one car. */
  private final class OneList {

    private String account;
    private String vin;
    private LastUnits known;

    private LastUnits of(CarEvent point) {
      if (known == null || !point.vin().equals(vin) || !point.account().equals(account)) {
        account = point.account();
        vin = point.vin();
        known = lastUnits.of(account, vin);
      }
      return known;
    }

    private CarEvent converted(CarEvent point) {
      Object value = point.value();
      boolean number = value == null || value instanceof Number;
      String unit = UnitTable.outward(point.unit());
      if (unit != null) {
        of(point).remember(point.key(), unit, fromCatalogue(point.key()));
      } else if (number) {
        unit = of(point).of(point.key());
        unit = unit != null ? unit : fromCatalogue(point.key());
      }
      UnitTable.Conversion conversion = metric && number ? UnitTable.toMetric(unit) : null;
      if (conversion != null && value == null) {
        return EachPoint.with(point, null, conversion.unit());
      }
      if (conversion != null) {
        double converted = conversion.apply(((Number) value).doubleValue());
        // What is too large for the other unit stays as it was sent.
        if (Double.isFinite(converted)) {
          return EachPoint.with(point, converted, conversion.unit());
        }
      }
      return Objects.equals(unit, point.unit()) ? point : EachPoint.with(point, value, unit);
    }
  }

  private String fromCatalogue(String key) {
    Descriptor descriptor = catalogue.get(key);
    return descriptor == null ? null : descriptor.unit();
  }
}
