// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.decode.Points.NOW;
import static org.cardatabridge.decode.Points.point;
import static org.cardatabridge.decode.Points.settings;

import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.BadSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  private static final String UNKNOWN = "vehicle.some.day.newDescriptor";
  private static final String ODOMETER = "vehicle.vehicle.travelledDistance";
  private static final String CHARGE = "vehicle.drivetrain.batteryManagement.header";

  private final Catalogue catalogue = new Catalogue();
  private final Units units = new Units(settings(), catalogue);

  private CarEvent converted(Units units, CarEvent point) {
    return units.convert(List.of(point)).get(0);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      value = {
        "percent, %",
        "%, %",
        "km, km",
        "KM, km",
        "kilometers, km",
        "kilometres, km",
        "kilometer, km",
        "kilometre, km",
        "mi, mi",
        "miles, mi",
        "mile, mi",
        "kpa, kPa",
        "kPa, kPa",
        "Celsius, °C",
        "celsius, °C",
        "°C, °C",
        "Fahrenheit, °F",
        "°F, °F",
        "l, L",
        "L, L",
        "gal, gal",
        "degrees, °",
        "kwh, kWh",
        "kWh, kWh",
        "kWh/100km, kWh/100km",
        "kWh/100 km, kWh/100km",
        "KW, kW",
        "W, W",
        "v, V",
        "a, A",
        "km/H, km/h",
        "Min, min",
        "H, h",
        "S, s",
        "m, m",
        "ft, ft",
        "weeks, weeks",
        "months, months",
        "stars, stars",
        "w, w",
        "' km ', km",
        "psi, psi",
        "kWh/62 mi, kWh/62 mi",
        "mph, mph",
        "-, -",
        "'', -",
        "' ', -",
        "null, -"
      })
  void aUnitHasOneSpelling(String wire, String outward) {
    assertThat(UnitTable.outward(wire)).isEqualTo(outward);
  }

  @ParameterizedTest
  @CsvSource({
    "100, mi, 160.934, km",
    "0.5, miles, 0.805, km",
    "212, °F, 100.0, °C",
    "-40, fahrenheit, -40.0, °C",
    "10.5, gal, 39.747, L",
  })
  void metricConvertsMilesFahrenheitAndGallons(
      String number, String unit, double value, String metric) {
    CarEvent point = converted(units, point(UNKNOWN, NumberText.parse(number), unit));

    assertThat(point.value()).isEqualTo(value);
    assertThat(point.unit()).isEqualTo(metric);
  }

  /** Found by {@link AnyBytesTest}: times 1.6 it is no finite number any more. */
  @Test
  void aNumberTooLargeForTheOtherUnitStaysAsItWasSent() {
    CarEvent point = converted(units, point(UNKNOWN, -1.4097326747326172E308, "mi"));

    assertThat(point.value()).isEqualTo(-1.4097326747326172E308);
    assertThat(point.unit()).isEqualTo("mi");
  }

  @Test
  void asSentSpellsButDoesNotConvert() {
    Units asSent = new Units(settings("cardata.units", "as-sent"), catalogue);

    CarEvent point = converted(asSent, point(ODOMETER, 100L, "miles"));

    assertThat(point.value()).isEqualTo(100L);
    assertThat(point.unit()).isEqualTo("mi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ft", "km/h", "mph", "weeks", "kWh/62 mi", "w"})
  void otherUnitsStay(String unit) {
    CarEvent point = point(UNKNOWN, 5L, unit);

    assertThat(converted(units, point)).isSameAs(point);
  }

  @Test
  void conversionGoesByTheUnitThatCameWithTheValue() {
    assertThat(converted(units, point(ODOMETER, 100L, "mi")).value()).isEqualTo(160.934);
    assertThat(converted(units, point(ODOMETER, 161L, "km")).value()).isEqualTo(161L);
    assertThat(converted(units, point(ODOMETER, 100L, "mi")).value()).isEqualTo(160.934);
  }

  @Test
  void aMissingUnitIsTheLastKnownOneOfThatDescriptor() {
    converted(units, point(ODOMETER, 100L, "mi"));

    assertThat(converted(units, point(ODOMETER, 200L, null)))
        .isEqualTo(point(ODOMETER, 321.869, "km"));

    converted(units, point(ODOMETER, 330L, "km"));

    assertThat(converted(units, point(ODOMETER, 331L, ""))).isEqualTo(point(ODOMETER, 331L, "km"));
  }

  @Test
  void aMissingUnitNeverSeenIsTheCatalogues() {
    assertThat(converted(units, point(CHARGE, 57L, null)).unit()).isEqualTo("%");
    assertThat(converted(units, point(ODOMETER, 57L, null)).unit()).isNull();
    assertThat(converted(units, point(UNKNOWN, 57L, null)).unit()).isNull();
  }

  @Test
  void theCataloguesUnitReturnsOnceTheCarUsedItAgain() {
    String range = "vehicle.drivetrain.electricEngine.remainingElectricRange";
    converted(units, point(range, 100L, "mi"));
    converted(units, point(range, 160L, "km"));

    assertThat(converted(units, point(range, 161L, null))).isEqualTo(point(range, 161L, "km"));
  }

  @Test
  void aUnitIsRememberedForItsCarAndAccountOnly() {
    converted(units, point(ODOMETER, 100L, "mi"));

    CarEvent otherCar = point("WBA00TEST00000013", ODOMETER, 100L, null, NOW, NOW);
    CarEvent otherAccount =
        new CarEvent("second", Points.VIN, "x", ODOMETER, 100L, null, NOW, NOW, "stream");

    assertThat(converted(units, otherCar)).isSameAs(otherCar);
    assertThat(converted(units, otherAccount)).isSameAs(otherAccount);
  }

  @Test
  void aSentinelIsInTheUnitItsNumbersHave() {
    assertThat(converted(units, point(ODOMETER, null, "mi")))
        .isEqualTo(point(ODOMETER, null, "km"));
  }

  @Test
  void aTextNeverGetsAUnitByItself() {
    CarEvent text = point(CHARGE, "full", null);

    assertThat(converted(units, text)).isSameAs(text);
    assertThat(converted(units, point(CHARGE, "full", "mi")).unit()).isEqualTo("mi");
  }

  @Test
  void theDistanceThatComesInWeeksStaysAsItIs() {
    String weekly = "vehicle.vehicle.averageWeeklyDistanceShortTerm";
    CarEvent point = point(weekly, 3L, "weeks");

    assertThat(converted(units, point)).isSameAs(point);
  }

  @Test
  void memoryIsBoundedWhateverComes() {
    for (int i = 0; i < 2000; i++) {
      converted(units, point(UNKNOWN + i, 1L, "mi"));
    }

    assertThat(converted(units, point(UNKNOWN + 1999, 1L, null)).unit()).isEqualTo("km");
    assertThat(converted(units, point(UNKNOWN + 0, 1L, null)).unit()).isNull();
  }

  @Test
  void anotherWordInTheSettingIsRefusedByName() {
    assertThatThrownBy(() -> new Units(settings("cardata.units", "imperial"), catalogue))
        .isInstanceOf(BadSettingException.class)
        .hasMessage("cardata.units: got 'imperial', takes metric or as-sent");
  }

  @ParameterizedTest
  @CsvSource({
    "kilometers, 5.0, 5.0, km",
    "celsius, 5.0, 5.0, °C",
    "bars, 2.4, 240.0, kPa",
    "millibars, 1013.0, 101.3, kPa",
    "pascals, 240000.0, 240.0, kPa",
    "kilopascals, 240.0, 240.0, kPa",
    "pounds_force_per_square_inch, 35.0, 241.32, kPa",
    "kilowatt_hours, 9.5, 9.5, kWh",
    "watts, 7.0, 7.0, W",
    "milliwatts, 7.0, 7.0, mW",
    "megawatts, 7.0, 7.0, MW",
    "kilowatts, 7.0, 7.0, kW",
    "volts, 12.1, 12.1, V",
    "amperes, 16.0, 16.0, A",
    "degrees, 90.0, 90.0, °",
    "liters, 40.0, 40.0, L",
    "imperial_gallons, 10.0, 45.461, L",
    "minutes, 5.0, 5.0, min",
    "hours, 5.0, 5.0, h",
    "days, 5.0, 5.0, d",
    "seconds, 5.0, 5.0, s",
    "months, 5.0, 5.0, months",
    "kilometers_per_hour, 50.0, 50.0, km/h",
    "miles_per_hour, 50.0, 80.467, km/h",
    "miles, 10.0, 16.093, km",
    "fahrenheit, 50.0, 10.0, °C",
    "kelvin, 300.0, 26.85, °C",
    "revolutions_per_minute, 900.0, 900.0, rpm",
    "newton_meters, 250.0, 250.0, Nm",
    "miles_per_gallon, 40.0, 5.88, L/100km",
    "miles_per_kwh, 4.0, 15.534, kWh/100km",
    "parsecs, 3.0, 3.0, parsecs",
  })
  void whatHighMobilitySpellsOutHasTheSameSpelling(
      String wire, double sent, double expected, String outward) {
    CarEvent point = converted(units, point(UNKNOWN, sent, wire));

    assertThat(point.value()).isEqualTo(expected);
    assertThat(point.unit()).isEqualTo(outward);
  }

  @Test
  void whatCannotBeConvertedStaysAsItWasSent() {
    CarEvent point = converted(units, point(UNKNOWN, 0.0, "miles_per_gallon"));

    assertThat(point.value()).isEqualTo(0.0);
    assertThat(point.unit()).isEqualTo("mpg");
  }
}
