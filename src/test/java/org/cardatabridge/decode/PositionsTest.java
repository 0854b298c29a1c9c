// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionsTest {

  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final Instant START = Points.NOW;

  private final Positions positions = new Positions();

  /** A half, measured and received so many seconds after the start. */
  private static CarEvent half(String name, Object value, double measured, double received) {
    return half(Points.VIN, name, value, measured, received);
  }

  private static CarEvent half(
      String vin, String name, Object value, double measured, double received) {
    return Points.point(vin, HERE + name, value, "°", at(measured), at(received));
  }

  private static Instant at(double seconds) {
    return START.plusMillis(Math.round(seconds * 1000));
  }

  private static CarEvent lat(double value, double measured, double received) {
    return half("latitude", value, measured, received);
  }

  private static CarEvent lon(double value, double measured, double received) {
    return half("longitude", value, measured, received);
  }

  /** Hands each over as a message of its own; the positions that came of it. */
  private List<CarEvent> locations(CarEvent... messages) {
    return Arrays.stream(messages).flatMap(m -> locationsOf(List.of(m)).stream()).toList();
  }

  private List<CarEvent> locationsOf(List<CarEvent> message) {
    List<CarEvent> all = positions.pair(message);
    assertThat(all.subList(0, message.size())).isEqualTo(message);
    List<CarEvent> derived = all.subList(message.size(), all.size());
    assertThat(derived)
        .allSatisfy(
            p -> {
              assertThat(p.key()).isEqualTo("location");
              assertThat(p.source()).isEqualTo("derived");
              assertThat(p.unit()).isNull();
            });
    return derived;
  }

  private static Map<String, Object> place(double latitude, double longitude) {
    return Map.of("latitude", latitude, "longitude", longitude);
  }

  @Test
  void halvesMeasuredTogetherBecomeAPosition() {
    List<CarEvent> locations = locations(lat(48.2, 0, 1), lon(11.5, 1, 2));

    assertThat(locations)
        .containsExactly(
            new CarEvent(
                "main",
                Points.VIN,
                Points.VIN,
                "location",
                place(48.2, 11.5),
                null,
                at(1),
                at(2),
                "derived"));
  }

  @Test
  void halvesOfOneMessageBecomeAPositionWhateverTheirOrder() {
    assertThat(locationsOf(List.of(lon(11.5, 0, 0), lat(48.2, 0, 0))))
        .extracting(CarEvent::value)
        .containsExactly(place(48.2, 11.5));
  }

  @ParameterizedTest
  @CsvSource({
    // measured apart, received apart, pairs
    "5, 4000, true",
    "5.001, 4000, false",
    "20.8, 20.8, true",
    "30, 30, true",
    "30, 30.001, false",
    "60, 1, true",
    "91, 1, false",
    "180, 0, false",
  })
  void halvesPairByTheCarsTimeElseByArrival(double measured, double received, boolean pairs) {
    assertThat(locations(lat(48.2, 0, 0), lon(11.5, measured, received))).hasSize(pairs ? 1 : 0);
    assertThat(
            locations(lon(11.6, 10_000, 10_000), lat(48.3, 10_000 + measured, 10_000 + received)))
        .hasSize(pairs ? 1 : 0);
  }

  @Test
  void aHalfAloneIsNoPosition() {
    assertThat(locations(lat(48.2, 0, 0), lat(48.3, 60, 60), lat(48.4, 120, 120))).isEmpty();
  }

  @Test
  void aLaterHalfDoesNotPairAgainWithAnOldPartner() {
    List<CarEvent> locations =
        locations(
            lat(48.20, 0, 0),
            lon(11.50, 0, 1),
            lat(48.21, 3, 3),
            lat(48.22, 20, 20),
            lon(11.52, 20, 21));

    assertThat(locations)
        .extracting(CarEvent::value)
        .containsExactly(place(48.20, 11.50), place(48.22, 11.52));
  }

  @Test
  void aDriveInSingleMessagesGivesOnePositionEachAndNoZigzag() {
    List<CarEvent> locations = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      locations.addAll(locations(lat(30 + i, 7 * i, 7 * i), lon(11 + i, 7 * i + 4, 7 * i + 5)));
    }

    assertThat(locations).hasSize(50);
    assertThat(locations).extracting(CarEvent::timestamp).isSorted();
    assertThat(locations)
        .allSatisfy(
            p -> {
              Map<?, ?> value = (Map<?, ?>) p.value();
              assertThat((Double) value.get("longitude"))
                  .isEqualTo((Double) value.get("latitude") - 19);
            });
  }

  @Test
  void aLostHalfIsNotMadeUpForByItsNeighbours() {
    List<CarEvent> locations =
        locations(
            lat(48.0, 0, 0), // its longitude is lost
            lat(48.1, 3, 3),
            lon(11.1, 4, 4),
            lon(11.2, 5, 5), // its latitude is lost: 48.0 with 11.2 would lead back
            lat(48.3, 60, 60),
            lon(11.3, 60, 61));

    assertThat(locations)
        .extracting(CarEvent::value)
        .containsExactly(place(48.1, 11.1), place(48.3, 11.3));
  }

  @Test
  void aBurstOutOfOrderIsPairedByTheCarsTime() {
    List<CarEvent> locations =
        locations(
            lat(48.0, 0, 1000),
            lon(11.3, 540, 1000.1),
            lat(48.2, 360, 1000.2),
            lon(11.1, 180, 1000.3),
            lon(11.0, 0, 1000.4),
            lat(48.1, 180, 1000.5),
            lat(48.3, 540, 1000.6),
            lon(11.2, 360, 1000.7));

    assertThat(locations)
        .extracting(CarEvent::value, CarEvent::timestamp)
        .containsExactly(
            tuple(place(48.0, 11.0), at(0)),
            tuple(place(48.1, 11.1), at(180)),
            tuple(place(48.3, 11.3), at(540)),
            tuple(place(48.2, 11.2), at(360)));
  }

  @Test
  void aPositionThatComesLateKeepsItsOwnTime() {
    List<CarEvent> locations =
        locations(lat(48.2, 0, 0), lon(11.5, 0, 0), lat(47.1, -600, 10), lon(10.1, -600, 11));

    assertThat(locations).extracting(CarEvent::timestamp).containsExactly(at(0), at(-600));
  }

  @Test
  void thePartnerOfTheVerySameTimeCorrectsAPairMadeByArrival() {
    List<CarEvent> locations =
        locations(lat(48.0, 0, 0), lon(11.2, 20, 20), lat(48.2, 20, 21), lon(11.0, 0, 22));

    assertThat(locations)
        .extracting(CarEvent::value, CarEvent::timestamp)
        .containsExactly(
            tuple(place(48.0, 11.2), at(20)),
            tuple(place(48.2, 11.2), at(20)),
            tuple(place(48.0, 11.0), at(0)));
  }

  @Test
  void aCorrectedCoordinateCorrectsThePosition() {
    assertThat(locations(lat(48.0, 0, 0), lon(11.0, 0, 0), lat(48.1, 0, 5)))
        .extracting(CarEvent::value)
        .containsExactly(place(48.0, 11.0), place(48.1, 11.0));
  }

  @Test
  void aDuplicateGivesNoSecondPosition() {
    assertThat(locations(lat(48.0, 0, 0), lon(11.0, 0, 0), lat(48.0, 0, 9), lon(11.0, 0, 9)))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0.0, -0.0, 0",
    "0, 9.5, 1",
    "48.2, 0, 1",
    "-90, 180, 1",
    "90.1, 5, 0",
    "5, 180.1, 0"
  })
  void equatorAndMeridianAreValidButNotBothAndNothingBeyondTheGlobe(
      double latitude, double longitude, int positions) {
    assertThat(locations(lat(latitude, 0, 0), lon(longitude, 0, 0))).hasSize(positions);
  }

  @Test
  void wholeDegreesAndSentinelsAreTakenForWhatTheyAre() {
    assertThat(
            locations(
                half("latitude", 48L, 0, 0),
                half("longitude", null, 0, 0),
                half("longitude", "11.5", 0, 0),
                half("longitude", 11L, 0, 0)))
        .extracting(CarEvent::value)
        .containsExactly(place(48.0, 11.0));
  }

  @Test
  void altitudeAndHeadingJoinWhereTheyAreFresh() {
    List<CarEvent> locations =
        locations(
            half("heading", 90L, 0, 0),
            half("altitude", 297L, -31, 0),
            lat(48.0, 0, 1),
            lon(11.0, 0, 1));

    assertThat(locations)
        .extracting(CarEvent::value)
        .containsExactly(Map.of("latitude", 48.0, "longitude", 11.0, "heading", 90.0));
  }

  @Test
  void altitudeAndHeadingThatComeAfterThePositionCompleteIt() {
    List<CarEvent> locations =
        locations(
            lat(48.0, 0, 0),
            lon(11.0, 0, 0),
            half("heading", 90L, 0, 1),
            half("altitude", 297L, 1, 2),
            half("heading", 180L, 20, 20));

    assertThat(locations).extracting(CarEvent::timestamp).containsOnly(at(0));
    assertThat(locations.get(2).value())
        .isEqualTo(Map.of("latitude", 48.0, "longitude", 11.0, "altitude", 297.0, "heading", 90.0));
    assertThat(locations).hasSize(3);
  }

  @Test
  void theKeysOfAPositionStandInOneOrder() {
    CarEvent location =
        locationsOf(
                List.of(
                    half("heading", 90L, 0, 0),
                    half("altitude", 297L, 0, 0),
                    lon(11.0, 0, 0),
                    lat(48.0, 0, 0)))
            .get(0);

    assertThat(location.value().toString())
        .isEqualTo("{latitude=48.0, longitude=11.0, altitude=297.0, heading=90.0}");
  }

  @Test
  void feetAreMetresInAPosition() {
    CarEvent feet = Points.point(Points.VIN, HERE + "altitude", 1000L, "ft", START, START);

    assertThat(locations(feet, lat(48.0, 0, 0), lon(11.0, 0, 0)).get(0).value())
        .isEqualTo(Map.of("latitude", 48.0, "longitude", 11.0, "altitude", 304.8));
  }

  @Test
  void carsAndAccountsDoNotMix() {
    CarEvent otherCar = half("WBA00TEST00000013", "longitude", 11.0, 0, 0);
    CarEvent sameCar = lon(11.0, 0, 0);
    CarEvent otherAccount =
        new CarEvent("second", Points.VIN, "x", sameCar.key(), 11.0, "°", at(0), at(0), "stream");

    assertThat(locations(lat(48.0, 0, 0), otherCar, otherAccount)).isEmpty();
    assertThat(
            locationsOf(
                List.of(half("WBA00TEST00000013", "latitude", 50.0, 0, 0), otherAccount, sameCar)))
        .extracting(CarEvent::vin, CarEvent::value)
        .containsExactly(
            tuple("WBA00TEST00000013", place(50.0, 11.0)), tuple(Points.VIN, place(48.0, 11.0)));
  }

  @Test
  void thePositionBearsTheCarsName() {
    CarEvent named =
        new CarEvent(
            "main", Points.VIN, "i4", HERE + "longitude", 11.0, "°", at(0), at(0), "stream");

    assertThat(locations(lat(48.0, 0, 0), named))
        .extracting(CarEvent::vehicle)
        .containsExactly("i4");
  }

  @Test
  void aMessageWithoutCoordinatesIsHandedOnAsItIs() {
    List<CarEvent> message =
        List.of(Points.point("vehicle.isMoving", true, null), half("numberOfSatellites", 9L, 0, 0));

    assertThat(positions.pair(message)).isEqualTo(message);
    assertThat(positions.pair(null)).isEmpty();
  }

  @Test
  void onlyTheLastHalvesAreRemembered() {
    for (int i = 0; i < 17; i++) {
      locations(lat(40 + i, 1000 * i, 1000 * i));
    }

    assertThat(locations(lon(11.0, 0, 20_000))).isEmpty();
    assertThat(locations(lon(11.0, 1000, 20_000))).hasSize(1);
  }

  @Test
  void twoThreadsOnOneCarLoseNothing() {
    CompletableFuture<?>[] threads = new CompletableFuture<?>[2];
    List<List<CarEvent>> found = List.of(new ArrayList<>(), new ArrayList<>());
    for (int t = 0; t < 2; t++) {
      int thread = t;
      threads[t] =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  double time = 100.0 * i + 50 * thread;
                  found
                      .get(thread)
                      .addAll(
                          positions
                              .pair(
                                  List.of(lat(1 + thread, time, time), lon(1 + thread, time, time)))
                              .subList(2, 3));
                }
              });
    }
    CompletableFuture.allOf(threads).join();

    assertThat(found.get(0)).hasSize(2000).allMatch(p -> p.value().equals(place(1, 1)));
    assertThat(found.get(1)).hasSize(2000).allMatch(p -> p.value().equals(place(2, 2)));
  }

  private static CarEvent there(String name, Object value, double measured) {
    return Points.point(
        Points.VIN, "vehicle_location." + name, value, null, at(measured), at(measured));
  }

  @Test
  void whatHighMobilitySendsAsAPairIsThePositionAtOnce() {
    assertThat(locations(there("coordinates", place(50.2, 10.9), 0)))
        .extracting(CarEvent::value, CarEvent::timestamp)
        .containsExactly(tuple(place(50.2, 10.9), START));
    assertThat(locations(there("coordinates", place(50.3, 10.8), 2)))
        .extracting(CarEvent::value)
        .containsExactly(place(50.3, 10.8));
    assertThat(locations(there("coordinates", place(50.1, 11.0), -60)))
        .extracting(CarEvent::value, CarEvent::timestamp)
        .containsExactly(tuple(place(50.1, 11.0), at(-60)));
  }

  @Test
  void headingAndAltitudeJoinAPairThatCameWhole() {
    assertThat(
            locationsOf(
                List.of(
                    there("heading", 90.0, 0),
                    there("coordinates", place(50.2, 10.9), 0),
                    there("altitude", 300L, 0))))
        .extracting(CarEvent::value)
        .containsExactly(
            Map.of("latitude", 50.2, "longitude", 10.9, "altitude", 300.0, "heading", 90.0));
  }

  @Test
  void ofManyPairsInOneMessageEachStaysWhole() {
    List<CarEvent> drive =
        IntStream.range(0, 60)
            .mapToObj(n -> there("coordinates", place(20 + n, 10 + n), n * 2))
            .toList();

    assertThat(locationsOf(drive))
        .extracting(CarEvent::value)
        .containsExactlyElementsOf(drive.stream().map(CarEvent::value).toList());
  }

  @Test
  void whatIsNoPairIsNoPosition() {
    assertThat(
            locations(
                there("coordinates", place(0, 0), 0),
                there("coordinates", place(91, 0), 10),
                there("coordinates", Map.of("latitude", 50.2), 20),
                there("coordinates", Map.of("latitude", "x", "longitude", 1.0), 30),
                there("coordinates", "here", 40),
                there("fuzzy_coordinates", place(50.2, 10.9), 50)))
        .isEmpty();
  }
}
