// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.CarAction;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.HeldPort;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.openqa.selenium.WebElement;

/**
 * A bridge, its simulated BMW and its broker as somebody with a browser has them: the page's
 * address stays the same over restarts. Closing it ends everything.
 */
final class Scene implements AutoCloseable {

  /** Every view but that of a vehicle. */
  static final List<String> VIEWS =
      List.of("#/setup", "#/status", "#/vehicles", "#/settings", "#/doctor");

  private final HeldPort port;
  private final BridgeUnderTest test;

  private Scene(HeldPort port, BridgeUnderTest test) {
    this.port = port;
    this.test = test;
  }

  /** With this account at BMW, of which the bridge knows nothing yet. */
  static Scene in(Path directory, AccountConfig account) throws Exception {
    HeldPort port = HeldPort.take();
    BridgeUnderTest test = BridgeUnderTest.in(directory, account);
    test.unset("cardata.client-id")
        .set("cardata.http.port", Integer.toString(port.number()))
        .bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
    return new Scene(port, test);
  }

  /** With one account that is logged in, and live. */
  static Scene live(Path directory, AccountConfig account) throws Exception {
    Scene scene = in(directory, account);
    try {
      scene.test.set("cardata.client-id", account.clientId());
      scene.test.store("main", account);
      scene.test.start();
      scene.test.awaitStream("main", "live");
    } catch (Exception | Error e) {
      scene.close();
      throw e;
    }
    return scene;
  }

  /** The bridge with all around it. */
  BridgeUnderTest test() {
    return test;
  }

  /** Where the page is. */
  int port() {
    return port.number();
  }

  /** Lets a car tell all it can tell. */
  void busy(String vin) {
    for (CarAction action : List.of(CarAction.WAKE, CarAction.DRIVE, CarAction.PARK)) {
      test.bmw().car(vin, action);
    }
    test.bmw().car(vin, CarAction.CHARGE);
  }

  /** Whether an element leads to that address. */
  static boolean leadsTo(WebElement link, String address) {
    return address.equals(link.getAttribute("href"));
  }

  @Override
  public void close() throws MqttException {
    try {
      test.close();
    } finally {
      port.close();
    }
  }
}
