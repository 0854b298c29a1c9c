// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where a simulator listens: login, stream and REST API behind their gates, and control. Opened on
 * one thread; its getters are safe for use by many threads once it is open.
 */
final class Doors {

  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final SimulatorConfig config;
  private final ThrowAwayCa ca;
  private final TcpGate loginGate;
  private final TcpGate streamGate;
  private final TcpGate apiGate;
  private volatile int loginPort;
  private volatile int streamPort;
  private volatile int apiPort;
  private volatile int controlPort;

  Doors(Vertx vertx, SimulatorConfig config, ThrowAwayCa ca) {
    this.vertx = vertx;
    this.config = config;
    this.ca = ca;
    this.loginGate = new TcpGate(vertx);
    this.streamGate = new TcpGate(vertx);
    this.apiGate = new TcpGate(vertx);
  }

  TcpGate loginGate() {
    return loginGate;
  }

  TcpGate streamGate() {
    return streamGate;
  }

  TcpGate apiGate() {
    return apiGate;
  }

  Future<Void> openLogin(Handler<HttpServerRequest> handler) {
    return openHttps("login", config.httpsPort(), loginGate, handler)
        .map(p -> loginPort = p)
        .mapEmpty();
  }

  Future<Void> openApi(Handler<HttpServerRequest> handler) {
    return openHttps("api", config.apiPort(), apiGate, handler).map(p -> apiPort = p).mapEmpty();
  }

  private Future<Integer> openHttps(
      String what, int publicPort, TcpGate gate, Handler<HttpServerRequest> handler) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
            .setKeyCertOptions(ca.server());
    Future<Integer> port =
        vertx
            .createHttpServer(options)
            .requestHandler(handler)
            .listen(0, LOOPBACK)
            .map(HttpServer::actualPort)
            .compose(p -> gate.listen(config.bindHost(), publicPort, p));
    return opened(what, publicPort, port);
  }

  Future<Void> openStream(Handler<MqttEndpoint> handler) {
    MqttServerOptions options =
        new MqttServerOptions()
            .setTimeoutOnConnect(30)
            .setMaxMessageSize(1 << 20)
            .setMaxClientIdLength(1024)
            .setAutoClientId(false);
    options
        .setSsl(true)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
        .setKeyCertOptions(ca.server());
    Future<Integer> port =
        MqttServer.create(vertx, options)
            .endpointHandler(handler)
            .listen(0, LOOPBACK)
            .map(MqttServer::actualPort)
            .compose(p -> streamGate.listen(config.bindHost(), config.mqttPort(), p));
    return opened("stream", config.mqttPort(), port).map(p -> streamPort = p).mapEmpty();
  }

  Future<Void> openControl(Handler<HttpServerRequest> handler) {
    Future<Integer> port =
        vertx
            .createHttpServer()
            .requestHandler(handler)
            .listen(config.controlPort(), LOOPBACK)
            .map(HttpServer::actualPort);
    return opened("control", config.controlPort(), port).map(p -> controlPort = p).mapEmpty();
  }

  static Future<Integer> opened(String what, int port, Future<Integer> opening) {
    return opening.recover(
        e ->
            Future.failedFuture(
                new IllegalStateException(
                    "opening the simulator's "
                        + what
                        + " port "
                        + port
                        + ": "
                        + e.getMessage()
                        + " — take another one, or 0 for any that is free",
                    e)));
  }

  URI authUrl() {
    return URI.create("https://" + config.host() + ":" + loginPort);
  }

  String streamHost() {
    return config.host();
  }

  int streamPort() {
    return streamPort;
  }

  URI apiUrl() {
    return URI.create("https://" + config.host() + ":" + apiPort);
  }

  URI controlUrl() {
    return URI.create("http://" + LOOPBACK + ":" + controlPort);
  }

  Map<String, String> environment() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("CARDATA_AUTH_URL", authUrl().toString());
    env.put("CARDATA_API_URL", apiUrl().toString());
    env.put("CARDATA_STREAM_HOST", streamHost());
    env.put("CARDATA_STREAM_PORT", Integer.toString(streamPort));
    env.put("CARDATA_TLS_CA_FILE", ca.file().toString());
    env.put("CARDATA_CLIENT_ID", config.accounts().get(0).clientId());
    return env;
  }

  /** The doors and accounts in words, for a terminal. */
  String describe() {
    StringBuilder text = new StringBuilder("Simulated BMW\n");
    line(text, "login", authUrl().toString());
    line(text, "stream", "mqtts://" + streamHost() + ":" + streamPort + " (TLS 1.3)");
    line(text, "api", apiUrl().toString());
    line(text, "control", controlUrl() + "/");
    line(text, "CA", ca.file().toString());
    config
        .accounts()
        .forEach(a -> line(text, "client", a.clientId() + "  cars " + String.join(", ", a.vins())));
    text.append("\nPoint a bridge at it:\n");
    environment()
        .forEach((k, v) -> text.append("  export ").append(k).append('=').append(v).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  ").append(name).append(" ".repeat(9 - name.length())).append(value).append('\n');
  }

  /** The doors and accounts, for the control API. */
  JsonObject toJson() {
    JsonArray accounts = new JsonArray();
    config
        .accounts()
        .forEach(
            a ->
                accounts.add(
                    new JsonObject()
                        .put("clientId", a.clientId())
                        .put("gcid", a.gcid())
                        .put("vins", new JsonArray(a.vins()))));
    return new JsonObject()
        .put("authUrl", authUrl().toString())
        .put("apiUrl", apiUrl().toString())
        .put("streamHost", config.host())
        .put("streamPort", streamPort)
        .put("caFile", ca.file().toString())
        .put("accounts", accounts);
  }
}
