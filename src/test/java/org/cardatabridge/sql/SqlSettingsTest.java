// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class SqlSettingsTest {

  private static SqlSettings of(Map<String, String> values) {
    return SqlSettings.of(Settings.defaults().with(values));
  }

  @Test
  void aMissingOrForeignUrlIsNamedAndNeverShown() {
    assertThatThrownBy(() -> of(Map.of()))
        .isInstanceOf(BadSettingException.class)
        .hasMessageStartingWith("cardata.sink.sql.url: got nothing, takes a URL such as jdbc:");
    assertThatThrownBy(() -> of(Map.of("cardata.sink.sql.url", "jdbc:mysql://x?password=geheim")))
        .hasMessageContaining("cardata.sink.sql.url: got one of another database")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void aTableIsOneNameOrTwo() {
    String url = "jdbc:postgresql://h/d";
    assertThat(TableName.of("fleet.values").quoted()).isEqualTo("\"fleet\".\"values\"");
    assertThat(TableName.of("a\"b").quoted()).isEqualTo("\"a\"\"b\"");
    for (String bad : new String[] {"a.b.c", "a.", "x".repeat(64)}) {
      assertThatThrownBy(
              () -> of(Map.of("cardata.sink.sql.url", url, "cardata.sink.sql.table", bad)))
          .hasMessageContaining("cardata.sink.sql.table: got '" + bad + "', takes a table or");
    }
  }

  @Test
  void secretsStandInNoText() {
    assertThat(
            of(
                Map.of(
                    "cardata.sink.sql.url",
                    "jdbc:postgresql://h/d?password=geheim",
                    "cardata.sink.sql.password",
                    "geheim")))
        .hasToString("SqlSettings[\"cardata_values\"]");
  }
}
