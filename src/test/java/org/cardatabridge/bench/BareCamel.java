// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.testing.Trust;
import org.slf4j.LoggerFactory;

/**
 * What one would write with Camel's own components and nothing else: four YAML routes that take
 * messages, split them, publish each descriptor, look after a token and answer a health check. No
 * journal, typing, pages or login; it tells what the bridge's platform takes by itself. It uses no
 * class of the bridge, whose jar would start one in any Camel context that it is on the path of.
 */
public final class BareCamel {

  private static final String ROUTES =
      """
      - route:
          id: bare-stream
          from:
            uri: paho-mqtt5
            parameters:
              topic: "{{bare.gcid}}/+"
              brokerUrl: "ssl://localhost:{{CARDATA_STREAM_PORT}}"
              clientId: "{{bare.gcid}}"
              userName: "{{bare.gcid}}"
              password: "RAW({{bare.token}})"
              socketFactory: "#bmwSockets"
              cleanStart: false
              sessionExpiryInterval: 3600
              manualAcksEnabled: false
              qos: 1
            steps:
              - removeHeader:
                  name: CamelPahoMqtt5MsgProperties
              - unmarshal:
                  json: {}
              - setProperty:
                  name: vin
                  expression:
                    simple:
                      expression: "${body[vin]}"
              - split:
                  expression:
                    simple:
                      expression: "${body[data].entrySet()}"
                  steps:
                    - setHeader:
                        name: CamelPahoMqtt5OverrideTopic
                        expression:
                          simple:
                            expression: "cardata/${exchangeProperty.vin}/${body.key.replace('.', '/')}"
                    - setBody:
                        expression:
                          simple:
                            expression: "${body.value}"
                    - marshal:
                        json: {}
                    - to:
                        uri: paho-mqtt5
                        parameters:
                          topic: cardata
                          brokerUrl: "{{CARDATA_SINK_MQTT_URL}}"
                          qos: "{{CARDATA_SINK_MQTT_QOS}}"
                          retained: true
      - route:
          id: bare-refresh
          from:
            uri: quartz
            parameters:
              groupName: bare
              triggerName: refresh
              cron: "0 0 0 1 1 ? 2099"
            steps:
              - to:
                  uri: http
                  parameters:
                    httpUri: 127.0.0.1:9
      - route:
          id: bare-watchdog
          from:
            uri: quartz
            parameters:
              groupName: bare
              triggerName: watchdog
              cron: "0/15 * * * * ?"
            steps:
              - log:
                  message: "still here"
                  loggingLevel: DEBUG
      - route:
          id: bare-health
          from:
            uri: platform-http
            parameters:
              path: /health
            steps:
              - setBody:
                  expression:
                    constant:
                      expression: UP
      """;

  private BareCamel() {}

  /** Runs until it is told to end; takes the bridge's own environment variables. */
  public static void main(String[] args) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    Map<String, String> env = System.getenv();
    JsonNode tokens = new ObjectMapper().readTree(Files.readString(Path.of("data", "tokens.json")));
    Main main = new Main();
    main.bind("bmwSockets", Trust.in(Path.of(env.get("CARDATA_TLS_CA_FILE"))).getSocketFactory());
    main.addInitialProperty("bare.gcid", tokens.get("gcid").asText());
    main.addInitialProperty("bare.token", tokens.get("id_token").asText());
    main.addInitialProperty("camel.server.enabled", "true");
    main.addInitialProperty("camel.server.host", "127.0.0.1");
    main.addInitialProperty("camel.server.port", "0");
    main.addInitialProperty("camel.component.quartz.enableJmx", "false");
    main.configure().setRoutesCollectorEnabled(false);
    main.start();
    PluginHelper.getRoutesLoader(main.getCamelContext())
        .loadRoutes(ResourceHelper.fromString("bare.camel.yaml", ROUTES));
    System.out.println("is up");
    Runtime.getRuntime().addShutdownHook(new Thread(main::stop));
    Thread.currentThread().join();
  }
}
