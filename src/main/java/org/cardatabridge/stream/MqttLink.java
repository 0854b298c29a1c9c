// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.IOException;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttToken;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttDisconnect;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: a Paho client that is used once and then thrown away, so that nothing of an old
 * connection, its client id or its credentials, can show up in a new one.
 */
final class MqttLink extends MqttAsyncClient {

  private static final Logger LOG = LoggerFactory.getLogger(MqttLink.class);
  private static final long GOODBYE_MILLIS = 500;

  private final MqttTransport transport;
  private volatile boolean open = true;

  MqttLink(String clientId, MqttTransport transport) throws MqttException {
    super(transport.getServerURI(), clientId, new MemoryPersistence());
    this.transport = transport;
  }

  @Override
  protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
    return new NetworkModule[] {transport};
  }

  /** Completes a message that came by this connection. */
  void givePayload(MqttMessage message) {
    transport.givePayload(message);
  }

  /** False from the moment it was hung up; what still comes from it counts no more. */
  boolean isOpen() {
    return open;
  }

  /** Nothing that comes from it counts any more. */
  void shut() {
    open = false;
  }

  /**
   * Sends DISCONNECT where the connection stands and ends all of it, half a second at most. Paho's
   * own ways sleep, or wait for an answer that DISCONNECT never gets.
   */
  void hangUp() {
    shut();
    try {
      if (comms.isConnected()) {
        MqttToken token = new MqttToken(getClientId());
        MqttDisconnect goodbye =
            new MqttDisconnect(MqttReturnCode.RETURN_CODE_SUCCESS, new MqttProperties());
        transport.beginGoodbye();
        comms.disconnect(goodbye, 0, token);
        token.waitForCompletion(GOODBYE_MILLIS);
        return;
      }
    } catch (MqttException e) {
      LOG.debug("Saying goodbye to BMW: {} — cutting the connection", e.getReasonCode());
    }
    try {
      transport.abandon();
      comms.disconnectForcibly(
          0, 1, false, MqttReturnCode.RETURN_CODE_SUCCESS, new MqttProperties());
    } catch (IOException | MqttException e) {
      LOG.debug("Cutting BMW's connection: {}", e.getMessage());
    }
  }
}
