// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Made-up places; a degree of latitude is 111,195 metres here. */
class HomeZoneTest {

  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final String THERE = "vehicle.cabin.infotainment.navigation.destinationSet.";
  private static final double LATITUDE = 50.12345;
  private static final double LONGITUDE = 8.98765;
  private static final double METRE_NORTH = 1 / 111_195.0;

  private SinkFilter filter = home(LATITUDE, LONGITUDE, 500);

  private static SinkFilter home(double latitude, double longitude, int radius) {
    return SinkFilter.of("", "", "")
        .blurring(new HomeZone(new HomeZone.Circle(latitude, longitude, radius)));
  }

  private Object value(CarEvent event) {
    CarEvent passed = filter.pass(event);
    return passed == null ? "left out" : passed.value();
  }

  private Object latitude(double degrees, Instant at) {
    return value(event(HERE + "latitude", degrees, at));
  }

  private Object longitude(double degrees, Instant at) {
    return value(event(HERE + "longitude", degrees, at));
  }

  private Object position(double latitude, double longitude) {
    Map<String, Object> position = new LinkedHashMap<>();
    position.put("latitude", latitude);
    position.put("longitude", longitude);
    position.put("altitude", 117.0);
    position.put("heading", 9L);
    return value(event(CarEvent.LOCATION, position, NOON));
  }

  private static Map<String, Object> at(double latitude, double longitude) {
    return Map.of("latitude", latitude, "longitude", longitude);
  }

  @Test
  void aPositionInsideIsTheRoundedMiddleWithoutAltitudeAndHeading() {
    assertThat(position(50.1241, 8.9881)).isEqualTo(at(50.12, 8.99)).asString().startsWith("{lat");
  }

  private Object session(double latitude, double longitude) {
    Map<String, Object> session = new LinkedHashMap<>();
    session.put(
        "chargingLocation",
        Map.of(
            "formattedAddress",
            "Lane 1",
            "mapMatchedLatitude",
            latitude,
            "mapMatchedLongitude",
            longitude));
    session.put(
        "publicChargingPoint",
        Map.of("matches", List.of(Map.of("streetAddress", "Lane 2", "city", "Town"))));
    session.put("displayedSoc", 79L);
    return value(event("chargingHistory.session", session, NOON));
  }

  @Test
  void aSessionAtHomeLosesItsAddressesAndThoseBesideThem() {
    assertThat(session(50.1241, 8.9881))
        .isEqualTo(
            Map.of(
                "chargingLocation",
                Map.of("mapMatchedLatitude", 50.12, "mapMatchedLongitude", 8.99),
                "publicChargingPoint",
                Map.of("matches", List.of(Map.of("city", "Town"))),
                "displayedSoc",
                79L));
    assertThat(session(50.2, 8.9881)).asString().contains("Lane 1", "Lane 2", "50.2");
  }

  @Test
  void aPositionOutsideStaysAsItIsAndSoDoesEverythingElse() {
    assertThat(position(50.2, 8.9881)).asString().contains("117.0", "50.2");
    assertThat(value(event(7))).isEqualTo(7L);
    assertThat(value(event("other", Map.of("flat", "x"), NOON))).isEqualTo(Map.of("flat", "x"));
  }

  @Test
  void theBorderBelongsToTheZone() {
    assertThat(position(LATITUDE + 500 * METRE_NORTH, LONGITUDE)).isEqualTo(at(50.12, 8.99));
    assertThat(position(LATITUDE + 503 * METRE_NORTH, LONGITUDE)).asString().contains("117.0");
    double metreEast = METRE_NORTH / Math.cos(Math.toRadians(LATITUDE));
    assertThat(position(LATITUDE, LONGITUDE - 500 * metreEast)).isEqualTo(at(50.12, 8.99));
    assertThat(position(LATITUDE, LONGITUDE - 503 * metreEast)).asString().contains("117.0");
  }

  @Test
  void theCornersOfTheSquareAroundTheCircleAreOutside() {
    assertThat(position(LATITUDE + 490 * METRE_NORTH, LONGITUDE + 490 * METRE_NORTH * 1.5))
        .asString()
        .contains("117.0");
  }

  @Test
  void aZoneMayLieAcrossTheAntimeridian() {
    filter = home(-16.5, 179.999, 1000);
    assertThat(position(-16.5, -179.998)).isEqualTo(at(-16.5, 180.0));
    assertThat(position(-16.5, 179.993)).isEqualTo(at(-16.5, 180.0));
    assertThat(position(-16.5, -179.98)).asString().contains("-179.98");
    assertThat(longitude(-179.998, NOON.plusSeconds(3600))).isEqualTo(180.0);
    assertThat(longitude(-179.98, NOON.plusSeconds(3600))).isEqualTo(-179.98);
  }

  @Test
  void aZoneMayLieAtAPole() {
    filter = home(89.9999, 0, 1000);
    assertThat(position(89.9999, 180)).isEqualTo(at(90.0, 0.0));
    assertThat(longitude(123.4, NOON)).isEqualTo(0.0);
    assertThat(position(89.98, 180)).asString().contains("89.98");
  }

  @Test
  void aCoordinateThatFitsIsBlurredWhileTheOtherIsUnknown() {
    assertThat(latitude(50.1241, NOON)).isEqualTo(50.12);
    filter = filter.fresh();
    assertThat(longitude(8.9881, NOON)).isEqualTo(8.99);
    filter = filter.fresh();
    assertThat(latitude(50.2, NOON)).isEqualTo(50.2);
    assertThat(longitude(9.2, NOON)).isEqualTo(9.2);
  }

  @Test
  void farAwayOnTheSameParallelALatitudeStaysAsItIs() {
    longitude(12.5, NOON.minusSeconds(60));
    assertThat(latitude(50.1241, NOON)).isEqualTo(50.1241);
  }

  @Test
  void aCarThatCouldBeHomeByNowIsBlurred() {
    double twoKilometresEast = LONGITUDE + 2000 * METRE_NORTH / Math.cos(Math.toRadians(LATITUDE));
    longitude(twoKilometresEast, NOON);
    assertThat(latitude(50.1241, NOON.plusSeconds(10))).isEqualTo(50.1241);
    assertThat(latitude(50.1241, NOON.plusSeconds(60))).isEqualTo(50.12);
  }

  @Test
  void aLateCoordinateIsJudgedByItsOwnTime() {
    latitude(50.1241, NOON);
    longitude(8.9881, NOON);
    longitude(12.5, NOON.plusSeconds(7200));
    latitude(51.9, NOON.plusSeconds(7200));
    assertThat(latitude(50.1238, NOON.plusSeconds(5))).isEqualTo(50.12);
  }

  @Test
  void altitudeAndHeadingAreLeftOutUnlessTheCarIsKnownToBeAway() {
    assertThat(value(event(HERE + "altitude", 117.0, NOON))).isEqualTo("left out");
    latitude(50.1241, NOON);
    longitude(8.9881, NOON);
    assertThat(value(event(HERE + "heading", 9L, NOON))).isEqualTo("left out");
    latitude(51.5, NOON.plusSeconds(7200));
    assertThat(value(event(HERE + "heading", 9L, NOON.plusSeconds(7205)))).isEqualTo(9L);
    assertThat(value(event(HERE + "heading", 9L, NOON))).isEqualTo("left out");
  }

  @Test
  void aPairedPositionTellsWhereTheCarIsToo() {
    position(51.5, 12.5);
    assertThat(value(event(HERE + "altitude", 117.0, NOON))).isEqualTo(117.0);
  }

  @Test
  void aDestinationCanBeHomeAtOnce() {
    value(event(THERE + "longitude", 12.5, NOON));
    assertThat(value(event(THERE + "latitude", 50.1241, NOON))).isEqualTo(50.1241);
    assertThat(value(event(THERE + "latitude", 50.1242, NOON.plusSeconds(1)))).isEqualTo(50.12);
    assertThat(value(event(THERE + "longitude", 8.9881, NOON.plusSeconds(1)))).isEqualTo(8.99);
  }

  @Test
  void carsDoNotSpeakForEachOther() {
    CarEvent other = event(HERE + "longitude", 12.5, NOON);
    filter.pass(
        new CarEvent("main", "ANOTHER", "other", other.key(), 12.5, null, NOON, NOON, "stream"));
    assertThat(latitude(50.1241, NOON)).isEqualTo(50.12);
  }

  @Test
  void whatCannotBeReadAsANumberIsLeftOutAndNotAvailableStays() {
    assertThat(value(event(HERE + "latitude", "50.1241 N", NOON))).isEqualTo("left out");
    assertThat(value(event(HERE + "latitude", null, NOON))).isNull();
  }

  @Test
  void aPositionIsBlurredHoweverDeepItLies() {
    Map<String, Object> home =
        Map.of(
            "municipality",
            "Musterstadt",
            "formattedAddress",
            "Beispielstraße 1",
            "mapMatchedLatitude",
            50.1241,
            "mapMatchedLongitude",
            8.9881);
    Map<String, Object> away = Map.of("mapMatchedLatitude", 50.25, "mapMatchedLongitude", 10.96);
    Object blurred = value(event("sessions", Map.of("data", List.of(home, away, 7L)), NOON));
    assertThat(blurred)
        .isEqualTo(
            Map.of(
                "data",
                List.of(
                    Map.of(
                        "municipality", "Musterstadt",
                        "mapMatchedLatitude", 50.12,
                        "mapMatchedLongitude", 8.99),
                    away,
                    7L)));
  }

  @ParameterizedTest
  @CsvSource({
    "latitude, longitude",
    "lat, lon",
    "lat, lng",
    "Lat, Long",
    "LATITUDE, LONGITUDE",
    "gps_lat, gps_lon",
    "homeLat, homeLng"
  })
  void aPositionIsKnownInEachSpelling(String latitude, String longitude) {
    assertThat(value(event("a.b", Map.of("c", Map.of(latitude, 50.1241, longitude, 8.9881)), NOON)))
        .isEqualTo(Map.of("c", Map.of(latitude, 50.12, longitude, 8.99)));
    Object away = Map.of("c", Map.of(latitude, 50.1241, longitude, 9.5));
    assertThat(value(event("a.b", away, NOON))).isEqualTo(away);
  }

  @Test
  void coordinatesAsTextsAndInWrappersKeepTheirShape() {
    assertThat(value(event("a.b", Map.of("latitude", "50.1241", "longitude", " 8.9881"), NOON)))
        .isEqualTo(Map.of("latitude", "50.12", "longitude", "8.99"));
    Object wrapped =
        Map.of(
            "latitude", Map.of("value", 50.1241, "unit", "°"),
            "longitude", Map.of("data", Map.of("value", "8.9881")));
    assertThat(value(event("a.b", wrapped, NOON)))
        .isEqualTo(
            Map.of(
                "latitude", Map.of("value", 50.12, "unit", "°"),
                "longitude", Map.of("data", Map.of("value", "8.99"))));
    assertThat(value(event(HERE + "latitude", Map.of("value", 50.1241), NOON)))
        .isEqualTo(Map.of("value", 50.12));
  }

  @Test
  void aNestedCoordinateThatIsAloneOrNoNumberIsNotToldEither() {
    assertThat(value(event("a.b", List.of(Map.of("lat", 50.1241)), NOON)))
        .isEqualTo(List.of(Map.of("lat", 50.12)));
    assertThat(value(event("a.b", Map.of("lat", 50.3), NOON))).isEqualTo(Map.of("lat", 50.3));
    assertThat(value(event("a.b", Map.of("latitude", "50.1241 N"), NOON))).isEqualTo(Map.of());
  }

  @Test
  void anAddressThatNoPositionStandsBesideStays() {
    assertThat(value(event("vehicle.modem.macAddress", "00-11", NOON))).isEqualTo("00-11");
    assertThat(value(event("a.b", Map.of("macAddress", "00-11"), NOON)))
        .isEqualTo(Map.of("macAddress", "00-11"));
  }

  @Test
  void twoPlacesOfOneMapAreJudgedApart() {
    Map<String, Object> two =
        Map.of("fromLat", 50.1241, "fromLon", 8.9881, "toLat", 50.1241, "toLon", 9.5);
    assertThat(value(event("trip", two, NOON)))
        .isEqualTo(Map.of("fromLat", 50.12, "fromLon", 8.99, "toLat", 50.1241, "toLon", 9.5));
  }

  @Test
  void aCoordinateThatTheSinkDoesNotTakeCountsAllTheSame() {
    filter =
        SinkFilter.of("*latitude", "", "")
            .blurring(new HomeZone(new HomeZone.Circle(LATITUDE, LONGITUDE, 500)));
    assertThat(longitude(12.5, NOON)).isEqualTo("left out");
    assertThat(latitude(50.1241, NOON)).isEqualTo(50.1241);
  }

  @Test
  void whatIsBlurredStaysTheSameWhenItIsBlurredAgain() {
    latitude(50.1241, NOON);
    assertThat(latitude(50.12, NOON)).isEqualTo(50.12);
    assertThat(position(50.12, 8.99)).isEqualTo(at(50.12, 8.99));
  }

  @Test
  void whatHighMobilityTellsOfAPlaceAtHomeIsBlurredToo() {
    for (String key :
        List.of(
            "vehicle_location.coordinates",
            "vehicle_location.fuzzy_coordinates",
            "navi_destination.coordinates",
            "home_charger.coordinates",
            "trips.start_coordinates",
            "trips.end_coordinates")) {
      assertThat(value(event(key, at(50.1241, 8.9881), NOON))).isEqualTo(at(50.12, 8.99));
      assertThat(value(event(key, at(51.5, 12.5), NOON))).isEqualTo(at(51.5, 12.5));
    }
  }

  @Test
  void itsHeadingAndAltitudeAreLeftOutUnlessTheCarIsKnownToBeAway() {
    assertThat(value(event("vehicle_location.heading", 9L, NOON))).isEqualTo("left out");
    value(event("vehicle_location.coordinates", at(51.5, 12.5), NOON));
    assertThat(value(event("vehicle_location.heading", 9L, NOON.plusSeconds(5)))).isEqualTo(9L);
    value(event("vehicle_location.coordinates", at(50.1241, 8.9881), NOON.plusSeconds(7200)));
    assertThat(value(event("vehicle_location.altitude", 1.5, NOON.plusSeconds(7205))))
        .isEqualTo("left out");
  }

  @Test
  void theAddressOfATripIsLeftOutUnlessItIsKnownToBeElsewhere() {
    List<Map<String, String>> parts = List.of(Map.of("type", "street", "value", "Lane"));
    assertThat(value(event("trips.start_address", "Lane 1", NOON))).isEqualTo("left out");
    assertThat(value(event("trips.start_address_components", parts, NOON))).isEqualTo("left out");
    value(event("trips.start_coordinates", at(50.1241, 8.9881), NOON));
    value(event("trips.end_coordinates", at(51.5, 12.5), NOON));
    assertThat(value(event("trips.start_address", "Lane 1", NOON))).isEqualTo("left out");
    assertThat(value(event("trips.end_address", "Road 2", NOON))).isEqualTo("Road 2");
    assertThat(value(event("trips.end_address_components", parts, NOON))).isEqualTo(parts);
    assertThat(value(event("trips.end_address", "Road 3", NOON.plusSeconds(1))))
        .isEqualTo("left out");
  }

  @Test
  void theAddressOfAChargingSessionIsThatOfTheCar() {
    Map<String, Object> location = Map.of("street_address", "Lane 1", "municipality", "Town");
    List<Map<String, String>> points = List.of(Map.of("street", "Lane", "city", "Town"));
    assertThat(value(event("charging_session.location", location, NOON)))
        .isEqualTo(Map.of("municipality", "Town"));
    assertThat(value(event("charging_session.public_charging_points", points, NOON)))
        .isEqualTo(List.of(Map.of("city", "Town")));
    value(event("vehicle_location.coordinates", at(51.5, 12.5), NOON));
    assertThat(value(event("charging_session.location", location, NOON))).isEqualTo(location);
  }
}
