// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;

/**
 * Where the simulated High Mobility listens: MQTT in TLS that asks for a client certificate. Opened
 * on one thread; its getters are safe for use by many threads once it is open.
 */
final class HighMobilityDoor {

  private final Vertx vertx;
  private final SimulatorConfig config;
  private final TcpGate gate;
  private volatile int port;

  HighMobilityDoor(Vertx vertx, SimulatorConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.gate = new TcpGate(vertx, true);
  }

  TcpGate gate() {
    return gate;
  }

  Future<Void> open(PemKeyCertOptions server, ClientTrust trust, Handler<MqttEndpoint> handler) {
    MqttServerOptions options =
        new MqttServerOptions()
            .setTimeoutOnConnect(30)
            .setMaxMessageSize(1 << 20)
            .setMaxClientIdLength(1024)
            .setAutoClientId(false);
    options
        .setSsl(true)
        .setEnabledSecureTransportProtocols(config.highMobility().tls())
        .setKeyCertOptions(server)
        .setTrustOptions(TrustOptions.wrap(trust));
    options.setClientAuth(ClientAuth.REQUIRED);
    Future<Integer> listening =
        MqttServer.create(vertx, options)
            .endpointHandler(handler)
            .listen(0, "127.0.0.1")
            .map(MqttServer::actualPort)
            .compose(p -> gate.listen(config.bindHost(), config.highMobility().port(), p));
    return Doors.opened("highmobility", config.highMobility().port(), listening)
        .map(p -> port = p)
        .mapEmpty();
  }

  String host() {
    return config.host();
  }

  int port() {
    return port;
  }
}
