// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.HighMobility;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.LoginRequest;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.BridgeStatus;
import org.cardatabridge.web.StatusApi;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * The whole bridge between a simulated BMW and a real mosquitto, all in one directory: settings as
 * a user gives them, the route files of this repository, and the bridge in this process. Closing it
 * ends everything. Used on one thread.
 */
public final class BridgeUnderTest implements AutoCloseable {

  /** As long as anything here may take on a busy machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int REMEMBERED = 200_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Map<String, String> settings = new HashMap<>();
  private final List<String> terminal = new CopyOnWriteArrayList<>();
  private Consumer<String> hide = secret -> {};
  private final HttpClient http = HttpClient.newHttpClient();
  private Simulator bmw;
  private Mosquitto broker;
  private Subscriber subscriber;
  private RunningBridge bridge;

  private BridgeUnderTest(Path directory) {
    this.directory = directory;
  }

  /** With one account, {@code main}; nothing of the bridge runs yet. */
  public static BridgeUnderTest in(Path directory) throws Exception {
    return in(directory, AccountConfig.first());
  }

  /** With these accounts at BMW; the bridge serves the first one as {@code main}. */
  public static BridgeUnderTest in(Path directory, AccountConfig... accounts) throws Exception {
    return in(directory, null, accounts);
  }

  /**
   * The same beside High Mobility, whose first application's certificate is the account {@code
   * highmobility}.
   *
   * @param fleet null for none
   */
  public static BridgeUnderTest in(
      Path directory, HighMobilityConfig fleet, AccountConfig... accounts) throws Exception {
    Programs.need("mosquitto");
    BridgeUnderTest test = new BridgeUnderTest(directory);
    try {
      SimulatorConfig config =
          SimulatorConfig.in(Files.createDirectories(directory.resolve("bmw")))
              .withAccounts(accounts)
              .withLogLimit(REMEMBERED);
      test.bmw = Simulator.start(fleet == null ? config : config.highMobility(fleet));
      // A listener that is slow for a moment must not miss anything.
      test.broker =
          Mosquitto.start(
              directory.resolve("broker"),
              List.of("allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"));
    } catch (Exception e) {
      test.close();
      throw e;
    }
    test.set("cardata.client-id", accounts[0].clientId())
        .set("cardata.auth.url", test.bmw.authUrl().toString())
        .set("cardata.stream.host", test.bmw.streamHost())
        .set("cardata.stream.port", Integer.toString(test.bmw.streamPort()))
        .set("cardata.tls.ca-file", test.bmw.caFile().toString())
        .set("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + test.broker.port())
        .set("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString())
        .set("cardata.data-dir", directory.resolve("data").toString())
        .set("cardata.watchdog.tick", "1s")
        // Tests of the REST side switch it on, with the simulator's address.
        .set("cardata.api.plan", "false")
        .set("cardata.http.port", "0");
    if (fleet != null) {
      test.bmw.highMobility().environment().forEach((name, text) -> test.set(key(name), text));
    }
    return test;
  }

  /** The setting of an environment variable of High Mobility's. */
  private static String key(String variable) {
    return variable
        .toLowerCase(Locale.ROOT)
        .replaceFirst("cardata_highmobility_", "cardata.highmobility.")
        .replace('_', '-');
  }

  /** Sets a setting, stronger than every file; to be called before the start. */
  public BridgeUnderTest set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Takes a setting back; to be called before the start. */
  public BridgeUnderTest unset(String key) {
    settings.remove(key);
    return this;
  }

  /** Lets BMW behave in another way from now on. */
  public BridgeUnderTest bmw(UnaryOperator<Behaviour> how) {
    bmw.change(how);
    return this;
  }

  /** All settings, for a bridge in a process of its own. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Starts the bridge; again after {@link #stop}. */
  public BridgeUnderTest start() throws Exception {
    bridge =
        RunningBridge.start(
            SettingsLoader.load(directory, Map.of(), settings), terminal::add, hide);
    return this;
  }

  /** Ends the bridge, and nothing else. */
  public void stop() {
    if (bridge != null) {
      bridge.close();
      bridge = null;
    }
  }

  /** The simulated BMW. */
  public Simulator bmw() {
    return bmw;
  }

  /** The simulated High Mobility. */
  public HighMobility highMobility() {
    return bmw.highMobility();
  }

  /** The local broker. */
  public Mosquitto broker() {
    return broker;
  }

  /** The bridge, while it runs. */
  public RunningBridge bridge() {
    return bridge;
  }

  /** The bridge's working directory. */
  public Path directory() {
    return directory;
  }

  /** What the user has seen in the terminal. */
  public List<String> terminal() {
    return terminal;
  }

  /** Hears of what the bridge wants hidden from logs; to be called before the start. */
  public BridgeUnderTest onHide(Consumer<String> listener) {
    hide = listener;
    return this;
  }

  /** A listener to all local topics, made when first asked for. */
  public Subscriber local() throws Exception {
    if (subscriber == null) {
      subscriber = Subscriber.on(broker.port());
    }
    return subscriber;
  }

  /** Everything the bridge says of itself. */
  public BridgeStatus status() {
    return bridge.part("status", StatusApi.class).current();
  }

  /** One account of {@link #status}. */
  public AccountStatus account(String name) {
    return status().accounts().stream()
        .filter(account -> account.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until an account is as wanted; tells how it was when it never became so. */
  public AccountStatus awaitAccount(String name, String what, Predicate<AccountStatus> wanted) {
    return await(name + ": " + what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> account(name), wanted);
  }

  /** Waits for a state of an account's login. */
  public AccountStatus awaitLogin(String name, String state) {
    return awaitAccount(name, "login " + state, a -> a.login().state().equals(state));
  }

  /** Waits for a state of an account's stream. */
  public AccountStatus awaitStream(String name, String state) {
    return awaitAccount(name, "stream " + state, a -> a.stream().state().equals(state));
  }

  /** Waits until somebody can confirm a login at BMW, and confirms all that wait. */
  public void approve() {
    await("a login to confirm").atMost(PATIENCE).until(() -> bmw.approve() > 0);
  }

  /**
   * Sends a value from a car until it is on the local topic: BMW keeps nothing for a bridge that is
   * just changing its credentials.
   */
  public void proveFlow(AccountConfig account, long value) throws Exception {
    Subscriber listener = local();
    String wanted = Long.toString(value);
    await(mileage(account) + " = " + wanted)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              if (wanted.equals(listener.latest().get(mileage(account)))) {
                return true;
              }
              bmw.publish(account.vins().get(0), "vehicle.vehicle.travelledDistance", value, "km");
              return false;
            });
  }

  /** The local topic with the mileage of an account's first car. */
  public static String mileage(AccountConfig account) {
    return "cardata/" + account.vins().get(0) + "/vehicle/vehicle/travelledDistance/value";
  }

  /** How often this account's client came to that place of BMW's login. */
  public int requests(AccountConfig account, Place... places) {
    List<Place> wanted = Arrays.asList(places);
    return (int)
        bmw.requests().stream()
            .filter(r -> r.clientId().equals(account.clientId()))
            .map(LoginRequest::place)
            .filter(wanted::contains)
            .count();
  }

  /** The file with an account's tokens. */
  public Path tokenFile(String name) {
    Path data = Path.of(settings.get("cardata.data-dir"));
    return name.equals("main")
        ? data.resolve("tokens.json")
        : data.resolve("accounts").resolve(name).resolve("tokens.json");
  }

  /** The tokens that an account has stored. */
  public JsonNode storedTokens(String name) throws IOException {
    return JSON.readTree(tokenFile(name).toFile());
  }

  /** Stores fresh tokens, as a login some time ago has left them; gives what was stored. */
  public JsonNode store(String name, AccountConfig account) throws IOException {
    JsonNode answer = JSON.readTree(bmw.tokens(account.clientId()));
    Instant now = Instant.now();
    ObjectNode file = JSON.createObjectNode();
    file.put("version", 1);
    file.put("client_id", account.clientId());
    for (String key : List.of("gcid", "scope", "access_token", "id_token", "refresh_token")) {
      file.set(key, answer.get(key));
    }
    file.put("obtained_at", now.toString());
    file.put("expires_at", now.plusSeconds(1 + answer.get("expires_in").asLong()).toString());
    file.put("refresh_expires_at", now.plus(Duration.ofDays(14)).toString());
    Files.createDirectories(tokenFile(name).getParent());
    JSON.writeValue(tokenFile(name).toFile(), file);
    return file;
  }

  /** Asks the bridge's own web server. */
  public HttpResponse<String> http(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge.httpPort() + path))
            .timeout(PATIENCE)
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() throws MqttException {
    try {
      stop();
      if (subscriber != null) {
        subscriber.close();
      }
    } finally {
      if (broker != null) {
        broker.close();
      }
      if (bmw != null) {
        bmw.close();
      }
    }
  }
}
