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
  private static final long GOODBYE_MILLIS = 700;
  private static final long PATIENCE_MILLIS = 1000;
  private static final int WAKE_UPS = 500;
  private static final long WAKE_MILLIS = 10;

  private final MqttTransport transport;
  private volatile boolean open = true;
  private volatile boolean taking = true;

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

  /** Acknowledges a message; at QoS 1 without Paho, which makes a packet and a write of each. */
  @Override
  public void messageArrivedComplete(int packetId, int qos) throws MqttException {
    if (qos == 1) {
      transport.acknowledge(packetId);
    } else {
      super.messageArrivedComplete(packetId, qos);
    }
  }

  /** False from the moment we leave: what it says of itself counts no more, nothing is sent. */
  boolean isOpen() {
    return open;
  }

  /** Whether messages are taken in: also those that still come while we leave. */
  boolean isTaking() {
    return taking;
  }

  /** A message was handed over. */
  void handedOver() {
    transport.handedOver();
  }

  /**
   * Sends DISCONNECT where the connection stands, takes in what BMW sent before it read that, and
   * ends all of it. Paho's own ways throw such messages away, sleep, or wait for an answer that
   * DISCONNECT never gets.
   *
   * <p>Takes a moment where BMW answers, a second and a half at most, and a second more where a
   * message is stuck on its way into the journal: it is left to arrive there late, and is not
   * acknowledged.
   *
   * @param nothingMore is called when messages are taken no more
   */
  void hangUp(Runnable nothingMore) {
    open = false;
    try {
      if (comms.isConnected()) {
        MqttDisconnect goodbye =
            new MqttDisconnect(MqttReturnCode.RETURN_CODE_SUCCESS, new MqttProperties());
        comms.sendNoWait(goodbye, new MqttToken(getClientId()));
        transport.endGoodbye(GOODBYE_MILLIS);
      }
    } catch (MqttException e) {
      LOG.debug("Saying goodbye to a broker: {} — cutting the connection", e.getReasonCode());
    }
    taking = false;
    nothingMore.run();
    try {
      transport.abandon();
    } catch (IOException e) {
      LOG.debug("Closing a connection: {}", e.getMessage());
    }
    // Paho waits there, without a limit, for the thread that hands over messages.
    Thread cutting = new Thread(this::cut, "mqtt-goodbye");
    cutting.setDaemon(true);
    cutting.start();
    try {
      cutting.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cut() {
    try {
      comms.disconnectForcibly(
          0, 1, false, MqttReturnCode.RETURN_CODE_SUCCESS, new MqttProperties());
    } catch (MqttException e) {
      LOG.debug("Cutting a connection: {}", e.getReasonCode());
    }
    awaitSender();
  }

  /**
   * Paho wakes its sending thread once. Where that thread was just about to wait, the call is lost
   * and the thread would wait for ever (CommsSender.run looks at its state before ClientState.get
   * takes the lock), so it is called until it has gone.
   */
  private void awaitSender() {
    Thread sender = transport.speaker();
    try {
      for (int i = 0; sender != null && sender.isAlive() && i < WAKE_UPS; i++) {
        comms.getClientState().notifyQueueLock();
        sender.join(WAKE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
