// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.derived.DerivedValues;
import org.cardatabridge.evcc.EvccTopics;
import org.cardatabridge.homeassistant.HomeAssistant;
import org.cardatabridge.homie.Homie;
import org.cardatabridge.homie.Link;
import org.cardatabridge.homie.Past;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.notify.NotifyBeans;
import org.cardatabridge.push.Abrp;
import org.cardatabridge.push.PushClient;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;

/** The parts of the sinks for a home, and of the values that are worked out from values. */
final class HomeSinks {

  private static final String HOME_ASSISTANT_ENABLED = "cardata.sink.homeassistant.enabled";

  private final Registry registry;
  private final LoadedSettings loaded;
  private final Settings settings;

  private HomeSinks(Registry registry, LoadedSettings loaded) {
    this.registry = registry;
    this.loaded = loaded;
    this.settings = loaded.settings();
  }

  /**
   * Binds what their routes name. What is off costs nothing: it is made where a route asks for it.
   *
   * @param localMqtt the connection to the local broker
   * @throws org.cardatabridge.settings.BadSettingException for a setting that one which is on
   *     cannot use
   */
  static void bind(
      CamelContext context,
      LoadedSettings loaded,
      LocalMqttComponent localMqtt,
      Topics topics,
      Journal journal,
      Clock clock) {
    HomeSinks sinks = new HomeSinks(context.getRegistry(), loaded);
    Vehicles vehicles = new Vehicles(sinks.settings);
    sinks.bind(
        "homeassistant",
        sinks.isOn(HOME_ASSISTANT_ENABLED),
        () ->
            new HomeAssistant(
                sinks.settings, loaded.workDir(), topics, journal.newest(), journal::isOpen));
    sinks.bindHomie(context, localMqtt, journal, clock);
    sinks.bind(
        "evcc",
        sinks.isOn("cardata.sink.evcc.enabled"),
        () ->
            new EvccTopics(
                topics,
                journal::newestFor,
                localMqtt,
                () -> BridgeParts.handed(journal, "evcc", vehicles)));
    sinks.bind(
        "abrp",
        sinks.isOn("cardata.sink.abrp.enabled"),
        () -> new Abrp(sinks.settings, clock, journal::newestFor));
    sinks.bindClient("abrp");
    NotifyBeans.bind(
        context.getRegistry(), sinks.settings, loaded.dataDir(), journal.newest(), clock);
    sinks.bindClient("notify");
    sinks.bind(
        "derived",
        sinks.isOn("cardata.derived.enabled"),
        () -> new DerivedValues(sinks.settings, journal, clock));
  }

  /**
   * Whether what a sink left on the broker has to be taken back: the value of a property that route
   * files ask for in place of a setting; null for any other name.
   */
  static Boolean leftOver(String property, Settings settings) {
    return switch (property) {
      case HomeAssistant.LEFT_OVER ->
          !isOn(settings, HOME_ASSISTANT_ENABLED)
              && settings
                  .find("cardata.data-dir")
                  .map(Path::of)
                  .filter(HomeAssistant::hasLeftOvers)
                  .isPresent();
      case Homie.LEFT_OVER -> Homie.isLeftOver(settings);
      default -> null;
    };
  }

  private void bindHomie(
      CamelContext context, LocalMqttComponent localMqtt, Journal journal, Clock clock) {
    LocalMqttComponent connection = new LocalMqttComponent(localMqtt, "homie");
    context.addComponent("local-homie", connection);
    bind(
        "homie",
        isOn(Homie.ENABLED) || Homie.isLeftOver(settings),
        () -> {
          Homie homie = new Homie(settings, clock, homiePast(journal), homieLink(connection));
          connection.speakFor(homie.presence(), homie.filter(), homie::learn);
          return homie;
        });
  }

  private static Past homiePast(Journal journal) {
    return new Past() {
      @Override
      public boolean isKnown() {
        return journal.tellsNewestFor("homie");
      }

      @Override
      public List<CarEvent> handed(String vin) {
        return journal.newestFor("homie", vin);
      }

      @Override
      public List<CarEvent> all() {
        return journal.newestWithWaitingFor("homie");
      }
    };
  }

  private static Link homieLink(LocalMqttComponent connection) {
    return new Link() {
      @Override
      public long connects() {
        return connection.connects();
      }

      @Override
      public boolean isConnected() {
        return connection.isConnected();
      }

      @Override
      public CompletionStage<Void> retained() {
        return connection.isStarted()
            ? connection.retained()
            : CompletableFuture.completedFuture(null);
      }
    };
  }

  private void bindClient(String sink) {
    registry.bind(
        sink + "Client", Object.class, () -> new PushClient(settings, sink, loaded.workDir()));
  }

  /** One that is on is made at once, so that a mistake in its settings ends the start. */
  private void bind(String name, boolean isOn, Supplier<Object> made) {
    if (isOn) {
      registry.bind(name, made.get());
    } else {
      registry.bind(name, Object.class, made);
    }
  }

  private boolean isOn(String key) {
    return isOn(settings, key);
  }

  private static boolean isOn(Settings settings, String key) {
    return settings.find(key).filter("true"::equalsIgnoreCase).isPresent();
  }
}
