// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.cardatabridge.notify.Phone;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole bridge that speaks to a phone: from its first login to a charged car and a restart. */
class NotifyIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CHARGING = "vehicle.drivetrain.electricEngine.charging.status";

  @TempDir Path directory;
  private BridgeUnderTest test;
  private Phone phone;

  @BeforeEach
  void make() throws Exception {
    phone = new Phone();
    test = BridgeUnderTest.in(directory);
    test.bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
    test.set("cardata.sink.notify.enabled", "true")
        .set("cardata.sink.notify.webhook.url", phone.url() + "/hook")
        .set("cardata.sink.notify.group-for", "300ms")
        .set("cardata.sink.notify.charge-finished.after", "1ms");
  }

  @AfterEach
  void end() throws Exception {
    test.close();
    phone.close();
  }

  private List<String> words() {
    return phone.calls().stream().map(Phone.Call::words).toList();
  }

  private void awaitWords(int many) {
    await(many + " messages").atMost(BridgeUnderTest.PATIENCE).until(() -> words().size() >= many);
  }

  @Test
  void itSaysTheLoginWithLinkAndCodeAndWhatTheCarDidAndNothingAgainAfterARestart()
      throws Exception {
    test.start();
    awaitWords(1);
    String code = test.bmw().waitingCodes().get(0);
    assertThat(words().get(0)).contains("BMW wants a login. Open http", "the code " + code);
    assertThat(phone.calls().get(0).json().at("/notices/0/link").asText()).startsWith("http");

    test.approve();
    test.awaitStream("main", "live");
    awaitWords(2);
    assertThat(words().get(1)).isEqualTo("Logged in at BMW again.");

    String vin = BMW.vins().get(0);
    test.bmw().publish(vin, CHARGING, "CHARGINGACTIVE", null);
    test.bmw().publish(vin, CHARGING, "CHARGINGENDED", null);
    awaitWords(3);
    assertThat(words().get(2)).isEqualTo("Charging has ended.");
    assertThat(phone.calls()).noneMatch(call -> call.body().contains(vin));

    test.stop();
    test.start();
    test.awaitStream("main", "live");
    test.bmw().publish(vin, CHARGING, "CHARGINGENDED", null);
    await("nothing more")
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(40))
        .until(() -> words().size() == 3);
  }
}
