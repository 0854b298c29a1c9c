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
import org.junit.jupiter.params.provider.ValueSource;

class VehiclesTest {

  private static final String ONE = "WBY00TEST00000012";
  private static final String OTHER = "WBA00TEST00000013";

  private static CarEvent of(String vin) {
    return point(vin, "vehicle.isMoving", true, null, NOW, NOW);
  }

  private static Vehicles aliases(String... vinsAndAliases) {
    for (int i = 0; i < vinsAndAliases.length; i += 2) {
      vinsAndAliases[i] = "cardata.vehicle." + vinsAndAliases[i] + ".alias";
    }
    return new Vehicles(settings(vinsAndAliases));
  }

  @Test
  void everyCarIsChosenWhereNoneIsNamed() {
    Vehicles vehicles = new Vehicles(settings());

    List<CarEvent> points = List.of(of(ONE), of(OTHER));

    assertThat(vehicles.choose(points)).isSameAs(points);
    assertThat(vehicles.isChosen("main", OTHER)).isTrue();
  }

  @Test
  void onlyNamedCarsAreChosen() {
    Vehicles vehicles =
        new Vehicles(settings("cardata.vins", " wby00test00000012\u200b , WBA00TEST00000099"));

    assertThat(vehicles.choose(List.of(of(OTHER), of(ONE)))).containsExactly(of(ONE));
    assertThat(vehicles.isChosen("main", ONE)).isTrue();
    assertThat(vehicles.isChosen("main", OTHER)).isFalse();
  }

  @Test
  void anAccountMayNameItsOwnCars() {
    Vehicles vehicles =
        new Vehicles(
            settings(
                "cardata.accounts", "main, second",
                "cardata.vins", ONE,
                "cardata.account.second.vins", OTHER));

    assertThat(vehicles.isChosen("main", ONE)).isTrue();
    assertThat(vehicles.isChosen("main", OTHER)).isFalse();
    assertThat(vehicles.isChosen("second", ONE)).isFalse();
    assertThat(vehicles.isChosen("second", OTHER)).isTrue();
    assertThat(vehicles.isChosen("of a source of one's own", ONE)).isTrue();
  }

  @Test
  void aCarOfAnAccountThatIsNoMoreIsNotServed() {
    Vehicles vehicles =
        new Vehicles(settings("cardata.accounts", "main, second", "cardata.vins", ONE));

    assertThat(vehicles.isServed("second", ONE)).isTrue();
    assertThat(vehicles.isServed("second", OTHER)).isFalse();
    assertThat(vehicles.isServed("third", ONE)).isFalse();
  }

  @Test
  void anAliasNamesTheCarButTheVinStays() {
    Vehicles vehicles = aliases(ONE, " family car ");

    CarEvent named = vehicles.choose(List.of(of(ONE))).get(0);

    assertThat(named.vehicle()).isEqualTo("family car");
    assertThat(named.vin()).isEqualTo(ONE);
    assertThat(vehicles.alias(ONE)).contains("family car");
    assertThat(vehicles.name(OTHER)).isEqualTo(OTHER);
    assertThat(vehicles.alias(OTHER)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bridge", "a/b", "a+", "#", "tab\there"})
  void anAliasThatCannotBeATopicLevelIsRefused(String alias) {
    assertThatThrownBy(() -> aliases(ONE, alias))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.vehicle.…0012.alias: got '" + alias + "'")
        .hasMessageNotContaining(ONE);
  }

  @Test
  void anAliasOfTwoCarsIsRefused() {
    assertThatThrownBy(() -> aliases(ONE, "i4", OTHER, "i4"))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("got 'i4', takes a name that no other car has");
  }

  @Test
  void anAliasThatIsAnotherCarsVinIsRefused() {
    assertThatThrownBy(() -> aliases(ONE, OTHER, OTHER, "x"))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("another car's VIN")
        .hasMessageNotContaining(OTHER);
    assertThatThrownBy(
            () ->
                new Vehicles(
                    settings("cardata.vins", OTHER, "cardata.vehicle." + ONE + ".alias", OTHER)))
        .isInstanceOf(BadSettingException.class);
    assertThat(aliases(ONE, ONE).name(ONE)).isEqualTo(ONE);
  }

  @Test
  void anEmptyAliasIsNone() {
    assertThat(aliases(ONE, " ").name(ONE)).isEqualTo(ONE);
  }
}
