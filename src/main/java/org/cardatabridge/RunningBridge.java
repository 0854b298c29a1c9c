// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Component;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;
import org.cardatabridge.auth.DeviceLogin;
import org.cardatabridge.auth.TokenStore;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.recording.Intake;
import org.cardatabridge.recording.Replays;
import org.cardatabridge.recording.SinkNames;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.routes.RouteFolder;
import org.cardatabridge.routes.RouteOrder;
import org.cardatabridge.routes.RouteWatch;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.web.DoctorApi;
import org.cardatabridge.web.WebServer;

/**
 * One bridge in this process: a Camel Main with the bridge's parts and the files of {@code
 * cardata.routes.dir}. Start and close it from one thread.
 */
public final class RunningBridge implements AutoCloseable {

  private static final String ROUTES_DIR = "cardata.routes.dir";
  private static final String RELOAD = "cardata.routes.reload";
  private static final Set<String> LOGIN_FILES =
      Set.of("auth-http", "auth-login", "auth-login-answer");

  private final Main main = new Main();
  private RouteWatch watch;

  private RunningBridge(
      LoadedSettings settings,
      Consumer<String> terminal,
      Consumer<String> hide,
      Consumer<String> hideVin) {
    main.bind(BridgePlugin.SETTINGS, settings);
    main.bind(BridgePlugin.TERMINAL, terminal);
    main.bind(BridgePlugin.HIDE, hide);
    main.bind(BridgePlugin.HIDE_VIN, hideVin);
    // Nobody watches our timers by JMX, and its server is 100 classes. What a user sets wins. A
    // property would make the component, and its scheduler, before anything needs them.
    main.bind(
        "cardata-quartz",
        ComponentCustomizer.builder(QuartzComponent.class)
            .build(quartz -> quartz.setEnableJmx(false)));
    settings.camelProperties().forEach(main::addInitialProperty);
    // Our own loader takes the files one by one, and our own hook ends the program with code 0.
    main.configure().setRoutesCollectorEnabled(false);
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
  }

  /**
   * Starts the whole bridge; returns when its routes run.
   *
   * @param terminal gets what a user must see to log in
   * @param hide hears of tokens, ids and VINs that must not be logged
   * @throws BadSettingException for a setting that cannot be used
   * @throws CannotStartException where the HTTP port is taken
   */
  public static RunningBridge start(
      LoadedSettings settings, Consumer<String> terminal, Consumer<String> hide) throws Exception {
    return start(settings, terminal, hide, hide);
  }

  /**
   * The same for a log that shows a VIN's last characters.
   *
   * @param hideVin hears of VINs, {@code hide} of the rest
   */
  public static RunningBridge start(
      LoadedSettings settings,
      Consumer<String> terminal,
      Consumer<String> hide,
      Consumer<String> hideVin)
      throws Exception {
    return start(settings, terminal, hide, hideVin, Map.of());
  }

  /** The same with these beans in its registry. */
  static RunningBridge start(
      LoadedSettings settings,
      Consumer<String> terminal,
      Consumer<String> hide,
      Consumer<String> hideVin,
      Map<String, Object> beans)
      throws Exception {
    return start(settings, Set.of(), terminal, hide, hideVin, beans);
  }

  /** Starts only what a login needs. */
  public static RunningBridge startForLogin(
      LoadedSettings settings, Consumer<String> terminal, Consumer<String> hide) throws Exception {
    return start(settings, LOGIN_FILES, terminal, hide, hide, Map.of());
  }

  /**
   * Starts the flatten route and the sinks: no login, no intake, no HTTP.
   *
   * @param hideVin hears of VINs, {@code hide} of the rest
   */
  public static RunningBridge startForReplay(
      LoadedSettings settings, Consumer<String> hide, Consumer<String> hideVin) throws Exception {
    Path folder = settings.workDir().resolve(settings.orThrow().get(ROUTES_DIR)).normalize();
    return start(settings, ReplayFiles.in(folder), text -> {}, hide, hideVin, Map.of());
  }

  /**
   * Starts what asks BMW's REST side, and the flatten route: no stream, no plan, no sinks, no HTTP.
   *
   * @param hideVin hears of VINs, {@code hide} of the rest
   */
  public static RunningBridge startForApi(
      LoadedSettings settings, Consumer<String> hide, Consumer<String> hideVin) throws Exception {
    Path folder = settings.workDir().resolve(settings.orThrow().get(ROUTES_DIR)).normalize();
    return start(settings, ApiFiles.in(folder), text -> {}, hide, hideVin, Map.of());
  }

  /**
   * Starts what an examination looks at: login, stream and REST side. What the stream brings
   * meanwhile goes into the journal, for the sinks of a later run.
   *
   * @param hideVin hears of VINs, {@code hide} of the rest
   */
  public static RunningBridge startForDoctor(
      LoadedSettings settings, Consumer<String> hide, Consumer<String> hideVin) throws Exception {
    Path folder = settings.workDir().resolve(settings.orThrow().get(ROUTES_DIR)).normalize();
    return start(
        settings,
        ApiFiles.forDoctor(folder),
        text -> {},
        hide,
        hideVin,
        Map.of(BridgePlugin.FOR_DOCTOR, true));
  }

  private static RunningBridge start(
      LoadedSettings settings,
      Set<String> only,
      Consumer<String> terminal,
      Consumer<String> hide,
      Consumer<String> hideVin,
      Map<String, Object> beans)
      throws Exception {
    Path folder = settings.workDir().resolve(settings.orThrow().get(ROUTES_DIR)).normalize();
    if (!Files.isDirectory(folder)) {
      throw new BadSettingException(
          ROUTES_DIR
              + ": there is no folder "
              + folder
              + " — start the bridge where its routes are, or name their folder");
    }
    RouteFolder.Choice files = new RouteFolder.Choice(folder, only, true);
    AheadOfTime ahead = AheadOfTime.begin(settings, files);
    RunningBridge bridge = new RunningBridge(settings, terminal, hide, hideVin);
    bridge.main.bind(AheadOfTime.BEAN, ahead);
    beans.forEach(bridge.main::bind);
    if (only.isEmpty()) {
      bridge.main.bind(BridgePlugin.OPEN_AHEAD, true);
    }
    try {
      bridge.main.start();
      bridge.load(files, ahead.routesOrThrow());
    } catch (Exception e) {
      bridge.close();
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof BadSettingException bad) {
          throw bad;
        } else if (t instanceof CannotStartException reason) {
          throw reason;
        }
      }
      throw e;
    }
    return bridge;
  }

  private void load(RouteFolder.Choice files, RouteOrder order) {
    ModelCamelContext context = (ModelCamelContext) main.getCamelContext();
    BridgeParts parts = part(BridgeParts.PARTS, BridgeParts.class);
    boolean withServer = files.only().isEmpty();
    if (withServer) {
      parts.checkDoor(context);
    }
    AccountRoutes accounts =
        new AccountRoutes(context, parts.accountNames(), parts.certificateNames());
    Runnable server = withServer ? () -> parts.openDoor(context) : () -> {};
    RouteFolder folder = new RouteFolder(context, accounts, parts.sinkNews(), Clock.systemUTC());
    folder.load(files, order, server);
    if (withServer) {
      parts.routesAreThere(context);
    }
    boolean isToReload = part("cardata-settings", Settings.class).flag(RELOAD);
    if (withServer && isToReload) {
      watch = RouteWatch.of(folder);
    }
  }

  /** A part by its name in the registry; null where there is none. */
  public <T> T part(String name, Class<T> type) {
    return main.getCamelContext().getRegistry().lookupByNameAndType(name, type);
  }

  /** A Camel component that is in use. */
  public <T extends Component> T component(String scheme, Class<T> type) {
    return type.cast(main.getCamelContext().hasComponent(scheme));
  }

  /** The port that the page is served on. */
  public int httpPort() {
    return part("web", WebServer.class).port();
  }

  /** Carries out what somebody asks for; waits for its end. */
  public ActionReply act(ActionRequest request) throws IOException {
    try (ProducerTemplate template = main.getCamelContext().createProducerTemplate()) {
      return template.requestBody("direct:rest-action", request, ActionReply.class);
    }
  }

  /** Where recorded messages come in. */
  public Intake intake() {
    return part(BridgeParts.INTAKE, Intake.class);
  }

  /** Plays the journal's messages. */
  public Replays replays() {
    return part(BridgeParts.REPLAYS, Replays.class);
  }

  /** How each sink does. */
  public List<SinkSnapshot> sinks() {
    return part(EventsComponent.JOURNAL_BEAN, Journal.class).sinks();
  }

  /** The sinks that a replay can be for. */
  public SinkNames sinkNames() {
    return BridgeParts.sinkNames(part(EventsComponent.JOURNAL_BEAN, Journal.class));
  }

  /** Finds out what is wrong. */
  public DoctorApi doctor() {
    return part("doctorApi", DoctorApi.class);
  }

  /** The login of an account. */
  public DeviceLogin login(String account) {
    return part("login-" + account, DeviceLogin.class);
  }

  /** What a bridge that takes this one's place is to know of its logins, by account. */
  Map<String, DeviceLogin.Handover> logins() {
    return part(BridgeParts.PARTS, BridgeParts.class).accountNames().stream()
        .collect(Collectors.toMap(Function.identity(), name -> login(name).handOver()));
  }

  /** The tokens of an account. */
  public TokenStore tokens(String account) {
    return part("tokens-" + account, TokenStore.class);
  }

  /** Stops the routes in order, says goodbye to both brokers, and ends every thread. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    main.stop();
  }
}
