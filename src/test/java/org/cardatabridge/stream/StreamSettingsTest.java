// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class StreamSettingsTest {

  private final Map<String, String> values =
      new HashMap<>(
          Map.of(
              "cardata.stream.host", "customer.streaming-cardata.bmwgroup.com",
              "cardata.stream.port", "9000",
              "cardata.stream.client-id", "{gcid}",
              "cardata.stream.keep-alive", "30s",
              "cardata.stream.session-expiry", "24h",
              "cardata.stream.quiet-after", "6h",
              "cardata.auth.refresh-before", "10m",
              "cardata.watchdog.disconnected-for", "30s"));

  private StreamSettings read() {
    return StreamSettings.of(Settings.of(values));
  }

  @Test
  void bmwIsReachedByTls() {
    assertThat(read().serverUri()).isEqualTo("ssl://customer.streaming-cardata.bmwgroup.com:9000");
  }

  @Test
  void silentWhileActiveIsOffUnlessSet() {
    assertThat(read().silentWhileActive()).isNull();
    values.put("cardata.watchdog.silent-while-active", "2h");

    assertThat(read().silentWhileActive()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void anAccountMayHaveItsOwn() {
    values.put("cardata.account.second.stream.keep-alive", "20s");
    Settings second = Settings.of(values).forAccount("second");

    assertThat(StreamSettings.of(second).keepAlive()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void aPortThatIsNoneIsRefusedByItsName() {
    values.put("cardata.stream.port", "90000");

    assertThatThrownBy(this::read)
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.stream.port");
  }

  @Test
  void aKeepAliveOfNothingIsRefusedByItsName() {
    values.put("cardata.stream.keep-alive", "0s");

    assertThatThrownBy(this::read)
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("cardata.stream.keep-alive");
  }
}
