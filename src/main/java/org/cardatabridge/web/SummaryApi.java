// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.meaning.CarModel;

/** The answer of {@code /api/summary}: each car in a few words. Safe for use by many threads. */
public final class SummaryApi {

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
   * @param name the alias, else the model (of a car that is no BMW and no MINI with its brand
   *     before it), else the VIN
   * @param brand the brand; null where neither a value nor the VIN tells it
   * @param model the model as its maker calls it; null where nobody said
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
      String brand,
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
    CarModel model = CarModel.of(vehicle.vin(), vehicle.values()::get);
    String name = Optional.ofNullable(vehicle.alias()).or(model::name).orElse(vehicle.vin());
    return new Car(
        vehicle.vin(),
        vehicle.alias(),
        vehicle.account(),
        name,
        model.brand(),
        model.model(),
        pictures.test(vehicle.vin()),
        vehicle.values().size(),
        vehicle.lastMessageAt(),
        SummaryMeanings.of(vehicle.values().values()));
  }
}
