// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import org.apache.camel.Endpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * The scheme {@code local-mqtt:}. All its endpoints share one connection to the local broker, which
 * is made when a route that publishes starts, and said goodbye to when the context stops.
 *
 * <p>Needs a {@link Settings} in the registry. A {@link Topics} there says how the bridge shows its
 * own presence, a {@link Newest} there is taught what the broker retains; with {@code url=embedded}
 * an {@link EmbeddedBroker} there is used, or one is started and stopped with this component.
 */
@org.apache.camel.spi.annotations.Component("local-mqtt")
public final class LocalMqttComponent extends DefaultComponent implements Forgotten.Broker {

  @Metadata(
      defaultValue = "cardata.sink.mqtt.",
      description = "What the names of the connection's settings begin with")
  private String settingsPrefix = "cardata.sink.mqtt.";

  private static final String SCHEME = "local-mqtt";

  /** What can tell two connections apart. */
  private static final List<String> CONNECTION =
      List.of("url", "username", "password", "ca-file", "client-cert-file", "client-key-file");

  private final String scheme;
  private final LocalMqttComponent main;
  private Voice voice;
  private Publisher publisher;
  private EmbeddedBroker ownBroker;
  private ExecutorService confirmations;
  private final RouteStarts routeStarts = new RouteStarts();

  /** The connection that all share. */
  public LocalMqttComponent() {
    this.scheme = SCHEME;
    this.main = null;
  }

  /**
   * The connection of one sink, whose settings may name another broker than those of the shared
   * connection; where they name the same, it uses that one. The bridge's presence is shown and
   * retained values are read on the shared one only.
   *
   * @param main the shared connection
   * @param sink as in {@code cardata.sink.<sink>.url}; the scheme is {@code local-mqtt-raw} for
   *     {@code mqtt-raw}
   */
  public LocalMqttComponent(LocalMqttComponent main, String sink) {
    this.scheme = "local-" + sink;
    this.main = main;
    this.settingsPrefix = "cardata.sink." + sink + ".";
  }

  /** What a connection says of itself, and what it asks the broker for. */
  private record Voice(Presence presence, String filter, BiConsumer<String, byte[]> retained) {}

  /**
   * Has a connection of its own made with the settings of the shared one, as MQTT allows one last
   * will for each connection; before the first endpoint.
   *
   * @param filter the topics whose retained values are asked for at the first connect
   * @param retained takes each of them, on the connection's thread
   */
  public void speakFor(Presence presence, String filter, BiConsumer<String, byte[]> retained) {
    voice = new Voice(presence, filter, retained);
    settingsPrefix = main.settingsPrefix;
  }

  /**
   * Reads all that is set for the connection, without connecting.
   *
   * @throws BadSettingException for what cannot be used
   */
  public void check(Settings settings) {
    String url = url(settings);
    if (!url.equals(BrokerSettings.EMBEDDED)) {
      new Wire(BrokerSettings.from(settings, settingsPrefix, url, "checked at the start"));
    }
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    LocalMqttEndpoint endpoint = new LocalMqttEndpoint(uri, this, remaining);
    Settings settings = settings();
    check(settings);
    settings.find(settingsPrefix + "qos").ifPresent(qos -> endpoint.setQos(Integer.parseInt(qos)));
    settings
        .find(settingsPrefix + "retain")
        .ifPresent(retain -> endpoint.setRetain(Boolean.parseBoolean(retain)));
    setProperties(endpoint, parameters);
    return endpoint;
  }

  /** What the names of the connection's settings begin with, for a second local broker. */
  public String getSettingsPrefix() {
    return settingsPrefix;
  }

  /** Sets what the names of the connection's settings begin with; before the first endpoint. */
  public void setSettingsPrefix(String settingsPrefix) {
    this.settingsPrefix = settingsPrefix;
  }

  /** Whether the connection to the broker stands. */
  @Override
  public synchronized boolean isConnected() {
    return usesMain() ? main.isConnected() : publisher != null && publisher.isConnected();
  }

  /** How often the broker has let us in. */
  @Override
  public synchronized long connects() {
    return usesMain() ? main.connects() : publisher == null ? 0 : publisher.connects();
  }

  /** Why the latest connection or attempt ended, in words; null when none did. */
  public synchronized String lastError() {
    return usesMain() ? main.lastError() : publisher == null ? null : publisher.lastError();
  }

  /**
   * Complete when {@link Newest} has learnt what the broker retains; connects if need be. Fails at
   * once, with what the network said, while no broker lets us in.
   */
  public CompletionStage<Void> retained() {
    try {
      Publisher connection = publisher();
      CompletionStage<Void> retained = connection.retained();
      String trouble = connection.isConnected() ? null : connection.lastError();
      return trouble == null || retained.toCompletableFuture().isDone()
          ? retained
          : CompletableFuture.failedFuture(
              new BrokerUnavailableException(
                  "connecting to the local broker: "
                      + trouble
                      + " — the bridge keeps trying; check that the broker runs and takes our login",
                  null));
    } catch (BrokerUnavailableException | BadSettingException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletionStage<Boolean> readBack(List<String> filters, BiConsumer<String, byte[]> told) {
    try {
      return publisher().readBack(filters, told);
    } catch (BrokerUnavailableException | BadSettingException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The broker that this component runs itself; empty when it runs none. */
  public synchronized Optional<EmbeddedBroker> embeddedBroker() {
    return Optional.ofNullable(ownBroker);
  }

  /** The shared connection, made at the first call. */
  synchronized Publisher publisher() throws BrokerUnavailableException {
    if (usesMain()) {
      return main.publisher();
    }
    if (isStoppingOrStopped()) {
      // A connection made now would say that the bridge is there, and nobody would end it.
      throw new BrokerUnavailableException(
          "publishing to the local broker: the bridge is stopping — it is done at the next start",
          null);
    }
    if (publisher == null && voice != null) {
      publisher =
          new Publisher(broker(settings()), voice.presence(), voice.filter(), voice.retained());
      publisher.start();
    }
    if (publisher == null && main != null) {
      publisher = new Publisher(broker(settings()), Presence.NONE);
      publisher.start();
    }
    if (publisher == null) {
      Settings settings = settings();
      Topics topics = found(Topics.class);
      Newest newest = found(Newest.class);
      Presence presence =
          (topics == null ? new Topics(settings, Clock.systemUTC()) : topics).presence();
      BrokerSettings broker = broker(settings);
      publisher =
          newest == null || topics == null
              ? new Publisher(broker, presence)
              : new Publisher(broker, presence, topics.retainedFilter(), newest::learn);
      publisher.start();
    }
    return publisher;
  }

  private boolean usesMain() {
    if (main == null || voice != null) {
      return false;
    }
    Settings settings = settings();
    if (settings.find(settingsPrefix + "url").isEmpty()) {
      return true;
    }
    String url = url(settings);
    // The embedded broker is one, whatever else is set.
    return url.equals(main.url(settings))
        && (url.equals(BrokerSettings.EMBEDDED)
            || CONNECTION.stream()
                .allMatch(
                    name ->
                        settings
                            .find(settingsPrefix + name)
                            .equals(settings.find(main.settingsPrefix + name))));
  }

  /** Where confirmed exchanges go on, so that no step of a route can hold up the connection. */
  ExecutorService confirmations() {
    return confirmations;
  }

  private BrokerSettings broker(Settings settings) throws BrokerUnavailableException {
    Path dataDir = Path.of(settings.find("cardata.data-dir").orElse("data"));
    String name = scheme.substring("local-".length());
    // Two connections must not take one from each other.
    Optional<String> setId =
        settings.find(settingsPrefix + "client-id").map(id -> voice == null ? id : id + "-" + name);
    String clientId =
        setId.isPresent() ? setId.get() : ClientId.keptIn(dataDir.resolve(name + "-client-id"));
    String url = url(settings);
    if (url.equals(BrokerSettings.EMBEDDED)) {
      EmbeddedBroker embedded = embedded(settings, dataDir);
      return BrokerSettings.tcp(embedded.connectHost(), embedded.port(), clientId);
    }
    return BrokerSettings.from(settings, settingsPrefix, url, clientId);
  }

  private synchronized EmbeddedBroker embedded(Settings settings, Path dataDir)
      throws BrokerUnavailableException {
    EmbeddedBroker embedded = found(EmbeddedBroker.class);
    if (embedded != null) {
      return embedded;
    }
    if (voice != null) {
      return main.embedded(settings, dataDir);
    }
    if (ownBroker == null) {
      ownBroker = EmbeddedBroker.from(settings, dataDir);
      ownBroker.start();
    }
    return ownBroker;
  }

  private String url(Settings settings) {
    return settings.find(settingsPrefix + "url").orElse("tcp://localhost:1883");
  }

  private Settings settings() {
    Settings settings = found(Settings.class);
    if (settings == null) {
      throw new IllegalStateException(
          "starting local-mqtt: no settings — bind a Settings in the Camel registry");
    }
    return settings;
  }

  private <T> T found(Class<T> type) {
    return CamelContextHelper.findSingleByType(getCamelContext(), type);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    confirmations =
        getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "local-mqtt");
    getCamelContext().getManagementStrategy().addEventNotifier(routeStarts);
  }

  @Override
  protected void doStop() throws Exception {
    getCamelContext().getManagementStrategy().removeEventNotifier(routeStarts);
    Publisher leaving;
    EmbeddedBroker broker;
    synchronized (this) {
      leaving = publisher;
      broker = ownBroker;
      publisher = null;
      ownBroker = null;
    }
    if (leaving != null) {
      leaving.close();
    }
    if (broker != null) {
      broker.stop();
    }
    if (confirmations != null) {
      getCamelContext().getExecutorServiceManager().shutdown(confirmations);
    }
    super.doStop();
  }

  /**
   * Connects as soon as a route that publishes runs, so that its first data point finds the way
   * open. Camel starts the producers of switched-off routes too; those must not connect.
   */
  private final class RouteStarts extends SimpleEventNotifierSupport {

    @Override
    public boolean isEnabled(CamelEvent event) {
      return event instanceof CamelEvent.RouteStartedEvent;
    }

    @Override
    public void notify(CamelEvent event) throws Exception {
      String id = ((CamelEvent.RouteEvent) event).getRoute().getRouteId();
      RouteDefinition route = ((ModelCamelContext) getCamelContext()).getRouteDefinition(id);
      if (route != null
          && ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
              .stream()
              .anyMatch(to -> to.getUri().startsWith(scheme + ":"))) {
        publisher();
      }
    }
  }
}
