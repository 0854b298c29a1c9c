// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.service.ServiceHelper;
import org.cardatabridge.api.Containers;
import org.cardatabridge.api.Ledger;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.api.RequestTopics;
import org.cardatabridge.api.RestHttp;
import org.cardatabridge.api.RestNotes;
import org.cardatabridge.api.StoredNotes;
import org.cardatabridge.auth.BmwHttp;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.auth.DeviceLogin;
import org.cardatabridge.decode.FlattenBeans;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.highmobility.Certificate;
import org.cardatabridge.highmobility.ClientIds;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.mqtt.BrokerSettings;
import org.cardatabridge.mqtt.BrokerUnavailableException;
import org.cardatabridge.mqtt.EmbeddedBroker;
import org.cardatabridge.mqtt.ForgottenValues;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.mqtt.Newest;
import org.cardatabridge.mqtt.StatusPace;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.push.InfluxDb;
import org.cardatabridge.push.PushClient;
import org.cardatabridge.push.Webhook;
import org.cardatabridge.recording.FlattenIntake;
import org.cardatabridge.recording.Intake;
import org.cardatabridge.recording.Replays;
import org.cardatabridge.recording.SinkNames;
import org.cardatabridge.routes.AccountFunction;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.routes.SinkNews;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.DoorNote;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.PageSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.DoctorApi;
import org.cardatabridge.web.Health;
import org.cardatabridge.web.HistoryApi;
import org.cardatabridge.web.LoginApi;
import org.cardatabridge.web.LoginControl;
import org.cardatabridge.web.LoginStatus;
import org.cardatabridge.web.Metrics;
import org.cardatabridge.web.PageFiles;
import org.cardatabridge.web.Renewal;
import org.cardatabridge.web.ReplayApi;
import org.cardatabridge.web.RouteProblems;
import org.cardatabridge.web.SettingsApi;
import org.cardatabridge.web.StatusApi;
import org.cardatabridge.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of one running bridge: made once for a Camel context, closed with it. */
final class BridgeParts implements AutoCloseable {

  /** The name in the registry. */
  static final String PARTS = "cardata-parts";

  /** The name of the {@link Intake} for recordings. */
  static final String INTAKE = "intake";

  /** The name of the {@link Replays} of the journal. */
  static final String REPLAYS = "replays";

  private static final Logger LOG = LoggerFactory.getLogger(BridgeParts.class);

  /** The least pause between two beats of a watchdog that makes it one that stands still. */
  private static final Duration BEAT_WITHIN = Duration.ofMinutes(2);

  private static final int MISSED_TICKS = 8;

  private final Journal journal;
  private final List<AccountParts> accounts;
  private final List<CertificateParts> certificates;
  private final RouteProblems problems;
  private final LiveParts live;
  private final DoorNote note;
  private boolean doorChecked;

  private BridgeParts(
      Journal journal,
      List<AccountParts> accounts,
      List<CertificateParts> certificates,
      RouteProblems problems,
      LiveParts live,
      DoorNote note) {
    this.live = live;
    this.note = note;
    this.journal = journal;
    this.problems = problems;
    this.accounts = List.copyOf(accounts);
    this.certificates = List.copyOf(certificates);
  }

  /**
   * Makes all parts and binds them in the context's registry.
   *
   * @throws org.cardatabridge.settings.BadSettingException for a setting that cannot be used
   */
  static BridgeParts of(LoadedSettings loaded, CamelContext context, Clock clock) {
    Settings settings = loaded.orThrow();
    Registry registry = context.getRegistry();
    registry.bind("cardata-settings", settings);
    DirectBeans.installIn(context);
    context.getPropertiesComponent().addPropertiesSource(new OwnSettings(settings));
    context
        .getPropertiesComponent()
        .addPropertiesFunction(
            new AccountFunction((name, key) -> settings.forAccount(name).find(key).orElse(null)));

    // It takes a while to open; other parts are made meanwhile.
    Consumer<String> hideVin = listener(registry, BridgePlugin.HIDE_VIN);
    Journal journal =
        Journal.opening(JournalSettings.of(loaded.dataDir(), settings), clock, hideVin);
    try {
      return of(loaded, context, clock, journal);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static BridgeParts of(
      LoadedSettings loaded, CamelContext context, Clock clock, Journal journal) {
    Settings settings = loaded.settings();
    Registry registry = context.getRegistry();
    Future<BmwTrust> reading = AheadOfTime.of(registry, loaded).trust();

    registry.bind(EventsComponent.JOURNAL_BEAN, journal);
    new FlattenBeans(
            settings, clock, listener(registry, BridgePlugin.HIDE_VIN), journal.newest()::newest)
        .byName()
        .forEach(registry::bind);
    bindLocalMqtt(registry, context, loaded, journal, clock);
    RestNotes notes = new StoredNotes(journal.rows(), clock);
    registry.bind("restNotes", notes);
    RestReads.bind(
        registry,
        loaded,
        journal,
        registry.lookupByNameAndType("topics", Topics.class),
        notes,
        clock,
        listener(registry, BridgePlugin.HIDE_VIN));
    Containers containers = RestActs.bind(registry, settings, journal, notes, clock);
    StoreSinks.bind(registry, settings, loaded.workDir(), clock);
    BucketParts.bind(context, settings, loaded.workDir(), journal.rows(), clock);
    bindPushes(registry, loaded, clock);
    // Made when its route asks for it: switched off, nothing of it is loaded.

    BmwTrust trust = result(reading);
    BmwHttp bmwHttp = new BmwHttp(trust);
    registry.bind("bmwHttp", bmwHttp);
    registry.bind("restHttp", new RestHttp(bmwHttp));
    // Opens the file when the first call is made.
    Ledger ledger = new Ledger(journal.rows(), clock, System::nanoTime);
    AccountParts.Rest rest =
        new AccountParts.Rest(
            ledger,
            notes,
            registry.lookupByNameAndType("mappings", Mappings.class),
            containers::fingerprint);
    List<AccountParts> accounts = new ArrayList<>();
    for (String name : settings.bmwAccounts()) {
      AccountParts account =
          AccountParts.of(
              name,
              settings,
              trust,
              journal.newest(),
              journal::trouble,
              rest,
              clock,
              terminal(registry),
              listener(registry, BridgePlugin.HIDE),
              containers::snapshot,
              accounts.isEmpty() ? olderTokenFiles(loaded) : List.of());
      takeOver(registry, name, account.login());
      journal.onTroubleChange(account.stream()::troubleChanged);
      account.bind(registry);
      accounts.add(account);
    }
    List<CertificateParts> certificates = new ArrayList<>();
    ClientIds clientIds = new ClientIds();
    for (String name : settings.certificates()) {
      CertificateParts certificate =
          CertificateParts.of(
              name,
              loaded,
              journal.newest(),
              journal::trouble,
              clock,
              listener(registry, BridgePlugin.HIDE),
              clientIds);
      journal.onTroubleChange(certificate.stream()::troubleChanged);
      certificate.bind(registry);
      certificates.add(certificate);
    }
    refuseSharedIds(certificates);
    RestActs.bindActions(registry, accounts, clock);
    RouteProblems problems = new RouteProblems();
    LiveParts live =
        bindWeb(registry, context, loaded, journal, problems, accounts, certificates, clock);
    DoctorParts doctor =
        new DoctorParts(
            context, loaded, journal, accounts, certificates, live.states(), () -> trust, clock);
    registry.bind("doctorApi", new DoctorApi(doctor, doctor::bundle));
    BridgeParts parts =
        new BridgeParts(
            journal, accounts, certificates, problems, live, new DoorNote(loaded.dataDir()));
    registry.bind(PARTS, parts);
    return parts;
  }

  /** Ends the start where two accounts share an id; files that bring one later are not used. */
  private static void refuseSharedIds(List<CertificateParts> certificates) {
    List<CertificateParts> streaming =
        certificates.stream().filter(c -> c.certificate().isPresent()).toList();
    if (streaming.size() < 2) {
      return;
    }
    for (CertificateParts parts : streaming) {
      parts
          .certificate()
          .flatMap(Certificate::sharedWith)
          .ifPresent(
              first -> {
                throw new BadSettingException(
                    "cardata.account."
                        + parts.name()
                        + ".highmobility.client-cert-file: is a certificate with the client id of"
                        + " the account '"
                        + first
                        + "', and High Mobility allows one connection for each — give each account"
                        + " a certificate of its own");
              });
    }
  }

  /** A login that another bridge of this process had under way goes on. */
  private static void takeOver(Registry registry, String account, DeviceLogin login) {
    Map<?, ?> before = registry.lookupByNameAndType(BridgePlugin.LOGINS_BEFORE, Map.class);
    if (before != null && before.get(account) instanceof DeviceLogin.Handover left) {
      login.takeOver(left);
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    } catch (ExecutionException e) {
      throw RuntimeCamelException.wrapRuntimeException(e.getCause());
    }
  }

  private static void bindLocalMqtt(
      Registry registry,
      CamelContext context,
      LoadedSettings loaded,
      Journal journal,
      Clock clock) {
    Settings settings = loaded.settings();
    LocalMqttComponent localMqtt = new LocalMqttComponent();
    context.addComponent("local-mqtt", localMqtt);
    LocalMqttComponent raw = new LocalMqttComponent(localMqtt, "mqtt-raw");
    context.addComponent("local-mqtt-raw", raw);
    // A sink that could not be made would only be left out later on.
    localMqtt.check(settings);
    raw.check(settings);
    Topics topics = new Topics(settings, clock);
    registry.bind("topics", topics);
    Newest newest =
        new Newest(
            topics, localMqtt::retained, journal.newest()::newest, journal.newest()::undatedBefore);
    registry.bind("newest", newest);
    Vehicles vehicles = new Vehicles(settings);
    registry.bind(
        "forgotten",
        new ForgottenValues(topics, newest, localMqtt, () -> handed(journal, "mqtt", vehicles)));
    HomeSinks.bind(context, loaded, localMqtt, topics, journal, clock);
    registry.bind("statusPace", new StatusPace(clock, localMqtt::connects));
  }

  /** What a sink was handed of cars that are still served, by the names they have today. */
  static Optional<List<CarEvent>> handed(Journal journal, String sink, Vehicles vehicles) {
    if (!journal.tellsNewestFor(sink)) {
      return Optional.empty();
    }
    return Optional.of(
        vehicles.choose(
            journal.newestFor(sink, null).stream()
                .filter(event -> vehicles.isServed(event.account(), event.vin()))
                .toList()));
  }

  private static void bindPushes(Registry registry, LoadedSettings loaded, Clock clock) {
    Settings settings = loaded.settings();
    registry.bind("influxdb", new InfluxDb(settings, clock));
    registry.bind("influxdbClient", new PushClient(settings, "influxdb", loaded.workDir()));
    registry.bind("webhook", new Webhook(settings, clock));
    registry.bind("webhookClient", new PushClient(settings, "http", loaded.workDir()));
  }

  private static LiveParts bindWeb(
      Registry registry,
      CamelContext context,
      LoadedSettings loaded,
      Journal journal,
      RouteProblems problems,
      List<AccountParts> bmw,
      List<CertificateParts> certificates,
      Clock clock) {
    Settings settings = loaded.settings();
    List<AccountParts> accounts = List.copyOf(bmw);
    List<Account> all = both(accounts, certificates);
    Supplier<List<AccountStatus>> statuses = () -> all.stream().map(Account::status).toList();
    PageFiles page = new PageFiles();
    registry.bind("page", page);
    StatusApi status =
        new StatusApi(
            Version.own(),
            clock.instant(),
            statuses,
            journal,
            problems,
            () -> BucketParts.snapshot(registry));
    registry.bind("status", status);
    registry.bind("history", new HistoryApi(journal, clock));
    registry.bind("metrics", new Metrics(journal, statuses, account -> calls(accounts, account)));
    registry.bind(
        "health",
        new Health(
            clock,
            () -> context.isStarted() && journal.works(),
            journal::trouble,
            beatWithin(settings),
            statuses));
    registry.bind(
        "loginApi",
        new LoginApi(
            new AccountLogins(accounts),
            accounts.stream().map(AccountParts::name).toList(),
            certificates.stream().map(CertificateParts::name).toList()));
    registry.bind(
        "settingsApi",
        new SettingsApi(
            new PageSettings(loaded),
            () -> journal.newest().vehicles().stream().map(NewestValues.Vehicle::vin).toList(),
            Optional.ofNullable(
                registry.lookupByNameAndType(BridgePlugin.RENEWAL, Renewal.class))));
    Intake intake = new FlattenIntake(context);
    registry.bind(INTAKE, intake);
    Replays replays = new JournalReplays(journal);
    registry.bind(REPLAYS, replays);
    registry.bind("replayApi", new ReplayApi(replays, intake, () -> sinkNames(journal)));
    WebServer web = new WebServer(settings, page, clock);
    registry.bind("web", web);
    return LiveParts.bind(registry, web, journal, status, all, clock);
  }

  private static List<Account> both(
      List<AccountParts> accounts, List<CertificateParts> certificates) {
    return Stream.<Account>concat(accounts.stream(), certificates.stream()).toList();
  }

  private static Map<String, Long> calls(List<AccountParts> accounts, String name) {
    return accounts.stream()
        .filter(account -> account.name().equals(name))
        .findFirst()
        .map(account -> account.gate().totals())
        .orElse(Map.of());
  }

  /** The sinks that a replay can be for. */
  static SinkNames sinkNames(Journal journal) {
    Map<Boolean, Set<String>> byUse =
        journal.sinks().stream()
            .collect(
                Collectors.partitioningBy(
                    SinkSnapshot::enabled,
                    Collectors.mapping(SinkSnapshot::name, Collectors.toSet())));
    return new SinkNames(byUse.get(true), byUse.get(false));
  }

  private static Duration beatWithin(Settings settings) {
    Duration ticks = settings.duration("cardata.watchdog.tick").multipliedBy(MISSED_TICKS);
    return ticks.compareTo(BEAT_WITHIN) > 0 ? ticks : BEAT_WITHIN;
  }

  /** Logins by account name, for the web. */
  private record AccountLogins(List<AccountParts> accounts) implements LoginControl {

    @Override
    public Optional<LoginStatus> begin(String account) {
      return named(account).map(AccountParts::beginLogin);
    }

    @Override
    public Optional<LoginStatus> cancel(String account) {
      return named(account).map(AccountParts::cancelLogin);
    }

    @Override
    public Optional<LoginStatus> state(String account) {
      return named(account).map(a -> a.status().login());
    }

    private Optional<AccountParts> named(String account) {
      return accounts.stream().filter(a -> a.name().equals(account)).findFirst();
    }
  }

  @SuppressWarnings("unchecked")
  private static Consumer<String> terminal(Registry registry) {
    Consumer<String> given = registry.lookupByNameAndType(BridgePlugin.TERMINAL, Consumer.class);
    return given != null ? given : text -> LOG.info("\n{}", text);
  }

  /** The older bridge had one account, so what it left goes to our first. */
  private static List<Path> olderTokenFiles(LoadedSettings loaded) {
    return List.of(
        loaded.workDir().resolve("bmw_tokens.json"), loaded.dataDir().resolve("bmw_tokens.json"));
  }

  /** Nobody hears of what is hidden where the log is not ours, as under the Camel CLI. */
  @SuppressWarnings("unchecked")
  private static Consumer<String> listener(Registry registry, String name) {
    Consumer<String> given = registry.lookupByNameAndType(name, Consumer.class);
    return given != null ? given : secret -> {};
  }

  /** The names of the BMW accounts. */
  List<String> accountNames() {
    return accounts.stream().map(AccountParts::name).toList();
  }

  /** The names of the certificates of High Mobility. */
  List<String> certificateNames() {
    return certificates.stream().map(CertificateParts::name).toList();
  }

  /** Begins to connect to BMW for each account that is logged in. */
  void openAhead() {
    accounts.forEach(AccountParts::openAhead);
  }

  /**
   * Sees whether the embedded broker can be opened, where one is asked for. The sink would try
   * again and again, but a port that is taken at the start stays taken.
   *
   * @throws CannotStartException where its port is taken
   */
  private static void checkBroker(Settings settings) {
    boolean isWanted =
        settings.find("cardata.sink.mqtt.enabled").filter("true"::equals).isPresent()
            && settings.get("cardata.sink.mqtt.url").equals(BrokerSettings.EMBEDDED);
    if (isWanted) {
      try {
        EmbeddedBroker.from(settings, Path.of(settings.get("cardata.data-dir"))).checkAddress();
      } catch (BrokerUnavailableException e) {
        throw new CannotStartException(e.getMessage(), e);
      }
    }
  }

  /**
   * Sees whether the HTTP server and the embedded broker can be opened, before anything flows.
   *
   * @throws CannotStartException where the port of one is taken
   */
  void checkDoor(CamelContext context) {
    doorChecked = true;
    checkBroker(context.getRegistry().lookupByNameAndType("cardata-settings", Settings.class));
    context.getRegistry().lookupByNameAndType("web", WebServer.class).checkAddress();
  }

  /**
   * Starts the HTTP server, on which the routes of web*.camel.yaml are served, unless it runs.
   *
   * @throws CannotStartException where its port, or the embedded broker's, is taken
   */
  WebServer openDoor(CamelContext context) {
    WebServer web = context.getRegistry().lookupByNameAndType("web", WebServer.class);
    if (web.isStarted()) {
      return web;
    }
    if (!doorChecked) {
      // Later on the embedded broker's port is taken by itself.
      checkDoor(context);
    }
    web.waitForRoutes();
    try {
      context.addService(web);
    } catch (Exception e) {
      throw RuntimeCamelException.wrapRuntimeCamelException(e);
    }
    // A context on its way up starts what is added later, but routes want to find their server.
    ServiceHelper.startService(web);
    try {
      note.write(web.host(), web.port());
    } catch (IOException e) {
      LOG.debug("Commands cannot be told where this bridge answers", e);
    }
    return web;
  }

  /** All routes run, so that the page's server knows what it does not serve. */
  void routesAreThere(CamelContext context) {
    context.getRegistry().lookupByNameAndType("web", WebServer.class).routesAreThere();
  }

  /** Where the routes folder tells what becomes of its files. */
  SinkNews sinkNews() {
    return new JournalSinkNews(journal, problems);
  }

  /** Ends the sessions in good order; 4 s at most for each. */
  void sayGoodbye() {
    List<Account> all = both(accounts, certificates);
    all.forEach(a -> a.stream().stop());
    all.forEach(a -> a.client().awaitSettled());
  }

  /** Ends what still runs. */
  @Override
  public void close() {
    both(accounts, certificates).forEach(a -> a.stream().close());
    live.close();
    journal.close();
    try {
      note.remove();
    } catch (IOException e) {
      LOG.debug("The note of the address stays", e);
    }
  }

  /** The settings in their own order of precedence, before every file that Camel reads itself. */
  private record OwnSettings(Settings settings) implements PropertiesSource, Ordered {

    @Override
    public String getName() {
      return "cardata-bridge";
    }

    @Override
    public String getProperty(String name) {
      Boolean leftOver = HomeSinks.leftOver(name, settings);
      if (leftOver != null) {
        return leftOver.toString();
      }
      String requests = RequestTopics.property(name, settings, Clock.systemUTC());
      if (requests != null) {
        return requests;
      }
      return name.startsWith("cardata.") ? settings.find(name).orElse(null) : null;
    }

    @Override
    public int getOrder() {
      return HIGHEST;
    }
  }
}
