// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrandTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static CarModel model(String vin, Object... keysAndValues) {
    Map<String, CarEvent> newest = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String key = (String) keysAndValues[i];
      newest.put(
          key, new CarEvent("a", vin, vin, key, keysAndValues[i + 1], null, NOON, NOON, "stream"));
    }
    return CarModel.of(vin, newest::get);
  }

  @ParameterizedTest
  @CsvSource({
    "WBY00TEST00000001, BMW",
    "WMW00TEST00000001, MINI",
    "w1k00test00000001, Mercedes-Benz",
    "WF000TEST00000001, Ford",
    "VF300TEST00000001, Peugeot",
    "VF700TEST00000001, Citroën",
    "VR100TEST00000001, DS",
    "W0V00TEST00000001, Opel/Vauxhall",
    "ZFA00TEST00000001, Fiat",
    "ZAR00TEST00000001, Alfa Romeo",
    "1J400TEST00000001, Jeep",
  })
  void theFirstThreeCharactersOfAVinTellTheMaker(String vin, String brand) {
    assertThat(Brand.ofVin(vin)).contains(brand);
  }

  /** 1C4 is Chrysler's for Dodge as well. */
  @ParameterizedTest
  @ValueSource(strings = {"1C400TEST00000001", "XYZ00TEST00000001", "WB", ""})
  void aMakerOfSeveralBrandsAndAnUnknownOneTellNone(String vin) {
    assertThat(Brand.ofVin(vin)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bmw, BMW",
    "mini, MINI",
    "mercedes_benz, Mercedes-Benz",
    "alfaromeo, Alfa Romeo",
    "citroen, Citroën",
    "ds, DS",
    "land_rover, Land Rover",
    "opel, Opel",
    "VAUXHALL, VAUXHALL",
    "Alfa Romeo, Alfa Romeo",
  })
  void aWordForABrandIsSpeltAsItsMakerDoes(String word, String brand) {
    assertThat(Brand.named(word)).contains(brand);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "sandbox", " ", "_", "--"})
  void someWordsNameNone(String word) {
    assertThat(Brand.named(word)).isEmpty();
  }

  @Test
  void whatTheCarSaysCountsBeforeItsVin() {
    CarModel said =
        model(
            "W0V00TEST00000012",
            "universal.brand",
            "vauxhall",
            "vehicle_information.model_name",
            "Corsa-e");
    assertThat(said).isEqualTo(new CarModel("Vauxhall", "Corsa-e"));
    assertThat(said.name()).contains("Vauxhall Corsa-e");
  }

  @Test
  void bmwsOwnDataCountBeforeAllElseAndKeepTheirName() {
    CarModel said =
        model(
            "WBY00TEST00000001",
            CarModel.BASIC_DATA,
            Map.of("brand", "BMW", "modelName", "i4 eDrive40"),
            "vehicle_information.model_name",
            "i4");
    assertThat(said).isEqualTo(new CarModel("BMW", "i4 eDrive40"));
    assertThat(said.name()).contains("i4 eDrive40");
  }

  @Test
  void aModelIsNeverTheVinAndABrandAloneIsNoName() {
    String vin = "ZFA00TEST00000015";
    assertThat(model(vin, "vehicle_information.model_name", "car " + vin).model()).isNull();
    assertThat(model(vin).name()).isEmpty();
    assertThat(model(vin, "vehicle_information.model_name", 7L))
        .isEqualTo(new CarModel("Fiat", null));
  }
}
