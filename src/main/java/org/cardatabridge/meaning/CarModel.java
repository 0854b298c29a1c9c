// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;

/**
 * What car it is, as far as it was said. Immutable.
 *
 * @param brand its brand; null where neither a value nor the VIN tells it
 * @param model its model without the brand, as its maker calls it; null where nobody said
 */
public record CarModel(String brand, String model) {

  /** The descriptor with all that BMW says of a car's model. */
  public static final String BASIC_DATA = "vehicle.vehicleIdentification.basicVehicleData";

  /** What single descriptors say, by the names that BMW has for it; the better one first. */
  private static final Map<String, List<String>> SINGLE = single();

  private static final Set<String> BMWS = Set.of("BMW", "MINI");
  private static final int LONGEST = 100;

  private static Map<String, List<String>> single() {
    Map<String, List<String>> single = new LinkedHashMap<>();
    single.put("brand", List.of("vehicle_information.brand", "universal.brand"));
    single.put(
        "modelName",
        List.of("vehicle_information.model_name", "vehicle_information.sales_designation"));
    single.put("series", List.of("vehicle_information.series"));
    single.put("modelKey", List.of("vehicle_information.model_key"));
    return single;
  }

  /**
   * What a data point says of {@code brand}, {@code modelName}, {@code series} and {@code
   * modelKey}; empty for one that says nothing of them.
   */
  public static Map<String, String> said(CarEvent event) {
    Map<String, String> said = new LinkedHashMap<>();
    if (event.key().equals(BASIC_DATA) && event.value() instanceof Map<?, ?> data) {
      for (String name : List.of("brand", "modelName", "modelRange", "series", "modelKey")) {
        text(data.get(name)).ifPresent(text -> said.put(name, text));
      }
    } else {
      SINGLE.forEach(
          (name, keys) -> {
            if (keys.contains(event.key())) {
              text(event.value())
                  .flatMap(text -> name.equals("brand") ? Brand.named(text) : Optional.of(text))
                  .ifPresent(text -> said.put(name, text));
            }
          });
    }
    return said;
  }

  /**
   * What is known of a car.
   *
   * @param newest the newest data point of a descriptor, null where there is none
   */
  public static CarModel of(String vin, Function<String, CarEvent> newest) {
    Map<String, String> all = new LinkedHashMap<>();
    SINGLE.values().stream()
        .flatMap(List::stream)
        .map(newest)
        .filter(event -> event != null)
        .forEach(event -> said(event).forEach(all::putIfAbsent));
    CarEvent basic = newest.apply(BASIC_DATA);
    if (basic != null) {
      all.putAll(said(basic));
    }
    String brand = Optional.ofNullable(all.get("brand")).or(() -> Brand.ofVin(vin)).orElse(null);
    String model =
        Stream.of("modelName", "modelRange", "series")
            .map(all::get)
            .filter(text -> text != null && !text.contains(vin))
            .findFirst()
            .orElse(null);
    return new CarModel(brand, model);
  }

  /**
   * Brand and model, the brand once; empty where no model is known. What BMW makes is known without
   * its brand.
   */
  public Optional<String> name() {
    if (model == null) {
      return Optional.empty();
    }
    boolean isSaid = brand == null || BMWS.contains(brand) || model.startsWith(brand);
    return Optional.of(isSaid ? model : brand + " " + model);
  }

  private static Optional<String> text(Object value) {
    return Optional.ofNullable(value)
        .filter(String.class::isInstance)
        .map(text -> ((String) text).strip())
        .filter(text -> !text.isEmpty() && text.length() <= LONGEST);
  }
}
