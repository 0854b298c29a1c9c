// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.NewestValues;

/** The answer of {@code /api/summary}: each car in a few words. Safe for use by many threads. */
public final class SummaryApi {

  private static final String BASIC_DATA = "vehicle.vehicleIdentification.basicVehicleData";
  private static final int LONGEST = 100;

  private final NewestValues newest;
  private final Predicate<String> pictures;

  /**
   * Tells what the newest values say.
   *
   * @param pictures whether there is a picture of a VIN
   */
  public SummaryApi(NewestValues newest, Predicate<String> pictures) {
    this.newest = newest;
    this.pictures = pictures;
  }

  /**
   * One car. Immutable.
   *
   * @param vin the VIN
   * @param alias the alias; null where it has none
   * @param account the account's name
   * @param name the alias, else the model as BMW calls it, else the VIN
   * @param model the model as BMW calls it; null where BMW did not say
   * @param hasImage whether {@code /api/vehicles/{vin}/image} has a picture
   * @param descriptors how many descriptors have a newest value
   * @param lastMessageAt when it was heard of last
   * @param meanings what the values mean, as far as they tell
   */
  public record Car(
      String vin,
      String alias,
      String account,
      String name,
      String model,
      boolean hasImage,
      int descriptors,
      Instant lastMessageAt,
      Map<String, SummaryMeanings.Meant> meanings) {}

  /** {@code GET /api/summary}. */
  public Answer summary() {
    return Answer.json(200, newest.vehicles().stream().map(this::car).toList());
  }

  private Car car(NewestValues.Vehicle vehicle) {
    String model = model(vehicle).orElse(null);
    String name =
        Stream.of(Optional.ofNullable(vehicle.alias()), Optional.ofNullable(model))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(vehicle.vin());
    return new Car(
        vehicle.vin(),
        vehicle.alias(),
        vehicle.account(),
        name,
        model,
        pictures.test(vehicle.vin()),
        vehicle.values().size(),
        vehicle.lastMessageAt(),
        SummaryMeanings.of(vehicle.values().values()));
  }

  private static Optional<String> model(NewestValues.Vehicle vehicle) {
    CarEvent basic = vehicle.values().get(BASIC_DATA);
    if (basic == null || !(basic.value() instanceof Map<?, ?> data)) {
      return Optional.empty();
    }
    return Stream.of("modelName", "modelRange", "series")
        .map(data::get)
        .filter(String.class::isInstance)
        .map(text -> ((String) text).strip())
        .filter(text -> !text.isEmpty() && text.length() <= LONGEST)
        .findFirst();
  }
}
