// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentNamesTest {

  private final EnvironmentNames names =
      new EnvironmentNames(
          List.of("main", "wife", "my-wife", "w-stream"), Set.of("cardata.sink.my-hook.api.key"));

  @Test
  void noTwoSettingsShareAVariable() {
    assertThat(SettingCatalogue.all())
        .extracting(definition -> EnvironmentNames.of(definition.key()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyPlainKeyComesBackFromItsVariable() {
    assertThat(SettingCatalogue.all())
        .filteredOn(definition -> !definition.isPattern())
        .allSatisfy(
            definition ->
                assertThat(names.keyOf(EnvironmentNames.of(definition.key())))
                    .contains(definition.key()));
  }

  @Test
  void everyKeyOfAnAccountComesBackFromItsVariable() {
    assertThat(SettingCatalogue.all())
        .filteredOn(SettingDefinition::perAccount)
        .allSatisfy(
            definition -> {
              String key = definition.key().replaceFirst("^cardata", "cardata.account.my-wife");
              assertThat(names.keyOf(EnvironmentNames.of(key))).contains(key);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "CARDATA_ACCOUNT_WIFE_CLIENT_ID, cardata.account.wife.client-id",
    "CARDATA_ACCOUNT_WIFE_STREAM_CLIENT_ID, cardata.account.wife.stream.client-id",
    "CARDATA_ACCOUNT_W_STREAM_CLIENT_ID, cardata.account.w-stream.client-id",
    "CARDATA_ACCOUNT_NEW_ONE_VINS, cardata.account.new-one.vins",
    "CARDATA_VEHICLE_WBY00TEST00000001_ALIAS, cardata.vehicle.WBY00TEST00000001.alias",
    "CARDATA_SINK_ABRP_VEHICLE_WBY00TEST00000001_TOKEN, cardata.sink.abrp.vehicle.WBY00TEST00000001.token",
    "CARDATA_SINK_MQTT_RAW_ENABLED, cardata.sink.mqtt-raw.enabled",
    "CARDATA_SINK_MQTT_RAW_ATTEMPTS, cardata.sink.mqtt-raw.attempts",
    "CARDATA_SINK_MQTT_EXTRA_ENABLED, cardata.sink.mqtt-extra.enabled",
    "CARDATA_SINK_HOOK_API_KEY, cardata.sink.hook.api-key",
    "CARDATA_SINK_MY_HOOK_API_KEY, cardata.sink.my-hook.api.key",
    "CARDATA_SINK_NOTIFY_ENABLED, cardata.sink.notify.enabled",
    "CARDATA_SINK_NOTIFY_DOOR_OPEN_ENABLED, cardata.sink.notify.door-open.enabled",
    "CARDATA_SINK_NOTIFY_TELEGRAM_CHAT_ID, cardata.sink.notify.telegram.chat-id",
  })
  void aVariableIsReadByWhatIsKnown(String variable, String key) {
    assertThat(names.keyOf(variable)).contains(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CARDATA_",
        "CARDATA_ACCOUNT_CLIENT_ID",
        "CARDATA_ACCOUNT_WIFE_DATA_DIR",
        "CARDATA_VEHICLE_ALIAS",
        "CARDATA_SINK_MQTT_ULR",
        "CARDATA_SINK_HOOK",
        "CARDATA_SINK_HOOK_",
        "PATH"
      })
  void aVariableThatNamesNothingIsNoKey(String variable) {
    assertThat(names.keyOf(variable)).isEmpty();
  }
}
