// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.journal.SinkSnapshot.State;
import org.cardatabridge.notify.Phone.Answer;
import org.cardatabridge.notify.Phone.Call;
import org.cardatabridge.push.PushClient;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped routes against a server that is all channels at once. */
@Timeout(120)
class NotifyRoutesTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String LOCK = "vehicle.cabin.door.lock.status";
  private static final String MOVING = "vehicle.isMoving";
  private static final String PREFIX = "cardata.sink.notify.";
  private static final String TOKEN = "4711:tell-nobody";
  private static final ShippedRoute CARS = ShippedRoute.of("sink-notify");
  private static final ShippedRoute BRIDGE = ShippedRoute.of("notify-bridge");
  private static final ShippedRoute SEND = ShippedRoute.of("notify-send");

  @TempDir Path dir;
  private final SetClock clock = new SetClock(Instant.parse("2026-07-27T12:00:00Z"));
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private volatile boolean keptBefore;
  private volatile String status = "{\"accounts\":[]}";
  private Clock time = clock;
  private Phone phone;
  private SinkRig rig;

  @BeforeEach
  void ring() throws Exception {
    phone = new Phone();
  }

  @AfterEach
  void end() {
    if (rig != null) {
      rig.close();
    }
    phone.close();
  }

  /** What the bridge route asks for its status. */
  public final class Status {
    /** The status. */
    public String json() {
      return status;
    }
  }

  /** What the bridge route asks for a login. */
  public final class Logins {
    /** Notes it. */
    public String begin(String account) throws Exception {
      Path memory = dir.resolve("notify.json");
      keptBefore = Files.exists(memory) && Files.readString(memory).contains("login-needed|main");
      begun.add(account);
      return "begun";
    }
  }

  private void start(ShippedRoute cars, ShippedRoute bridge, ShippedRoute send, String... more)
      throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put(PREFIX + "group-for", "100ms");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(PREFIX + more[i], more[i + 1]);
    }
    rig =
        SinkRig.start(
            dir,
            cars,
            settings,
            (registry, all) -> {
              NotifyBeans.bind(registry, all, dir, new NewestValues(clock), time);
              registry.bind("notifyClient", new PushClient(all, "notify", Path.of("")));
              registry.bind("status", new Status());
              registry.bind("loginApi", new Logins());
            });
    for (ShippedRoute file : List.of(send, bridge)) {
      PluginHelper.getRoutesLoader(rig.context())
          .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
    }
  }

  private void start(String... more) throws Exception {
    start(CARS, BRIDGE, SEND, more);
  }

  private String[] telegram(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "telegram.url", phone.url(), "telegram.token", TOKEN, "telegram.chat-id", "42"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private CarEvent event(String key, Object value, Instant at) {
    return new CarEvent("main", VIN, "i4 <&>", key, value, null, at, Instant.now(), "stream");
  }

  /** Unlocked for long enough to be said at once. */
  private void unlocked() throws Exception {
    Instant at = time.instant().minus(Duration.ofMinutes(11));
    rig.publish(List.of(event(MOVING, false, at), event(LOCK, "UNLOCKED", at)));
  }

  private void awaitCalls(int many) {
    await().atMost(Duration.ofSeconds(40)).until(() -> phone.calls().size() >= many);
  }

  private void awaitDone() {
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
  }

  private static String account(String login, String stream) {
    return "{\"accounts\":[{\"name\":\"main\",\"login\":{%s},\"stream\":{%s}}]}"
        .formatted(login, stream);
  }

  // ---- the channels -------------------------------------------------------------------------

  @Test
  void everyChannelGetsItInItsOwnForm() throws Exception {
    start(
        telegram(
            "ntfy.url", phone.url() + "/my-cars",
            "ntfy.token", "tk_x",
            "gotify.url", phone.url() + "/gotify/",
            "gotify.token", "gt",
            "webhook.url", phone.url() + "/in?key=a%20b"));
    unlocked();
    awaitCalls(4);
    awaitDone();
    Map<String, Call> calls = new TreeMap<>();
    phone.calls().forEach(call -> calls.put(call.path(), call));
    assertThat(calls)
        .containsOnlyKeys("/", "/bot" + TOKEN + "/sendMessage", "/gotify/message", "/in?key=a%20b");
    assertThat(calls.get("/bot" + TOKEN + "/sendMessage").body())
        .isEqualTo(
            "{\"chat_id\":42,\"text\":\"<b>i4 &lt;&amp;&gt;</b>\\nUnlocked for 11 min, and nobody"
                + " drives.\",\"parse_mode\":\"HTML\",\"disable_notification\":false,"
                + "\"link_preview_options\":{\"is_disabled\":true}}");
    assertThat(calls.get("/").body())
        .isEqualTo(
            "{\"topic\":\"my-cars\",\"title\":\"i4 <&>\",\"message\":\"Unlocked for 11 min, and"
                + " nobody drives.\",\"priority\":3,\"tags\":[\"car\"]}");
    assertThat(calls.get("/").headers().get("Authorization")).containsExactly("Bearer tk_x");
    assertThat(calls.get("/gotify/message").headers().get("X-gotify-key")).containsExactly("gt");
    assertThat(calls.get("/in?key=a%20b").json().at("/notices/0/rule").asText())
        .isEqualTo("left-unlocked");
    assertThat(phone.calls()).noneMatch(call -> call.body().contains(VIN));
    assertThat(rig.status().state()).isEqualTo(State.UP);
  }

  @Test
  void whatOneChannelHasIsDeliveredAndTheOtherGetsItLater() throws Exception {
    Answer away = Answer.of(500, "");
    phone.answers(call -> call.path().equals("/in") ? away : Answer.FINE);
    start(telegram("webhook.url", phone.url() + "/in"));
    unlocked();
    awaitDone();
    awaitCalls(2);
    assertThat(rig.status().state()).isEqualTo(State.UP);
    phone.answers(call -> Answer.FINE);
    clock.move(Duration.ofMinutes(5));
    awaitCalls(3);
    assertThat(phone.calls()).filteredOn(call -> call.path().startsWith("/bot")).hasSize(1);
    assertThat(phone.calls().get(2).path()).isEqualTo("/in");
    assertThat(phone.calls().get(2).words()).isEqualTo("Unlocked for 11 min, and nobody drives.");
  }

  // ---- trouble ------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"500", "502", "401", "reset", "garbage"})
  void whatAChannelDoesNotTakeComesAgainAndThenOnce(String trouble) throws Exception {
    Answer bad =
        switch (trouble) {
          case "reset" -> Answer.RESET;
          case "garbage" -> Answer.of(200, "<html>Please log in</html>");
          default -> Answer.of(Integer.parseInt(trouble), "{\"ok\":false}");
        };
    phone.answers(call -> phone.calls().size() < 3 ? bad : Answer.FINE);
    try (CapturedLog log = CapturedLog.open()) {
      start(telegram());
      unlocked();
      awaitCalls(1);
      await().until(() -> rig.status().lastError() != null || rig.isDone());
      assertThat(String.valueOf(rig.status().lastError())).doesNotContain(TOKEN);
      awaitDone();
      assertThat(log.lines("")).noneMatch(line -> line.contains(TOKEN));
    }
    assertThat(phone.calls()).hasSize(4);
    assertThat(phone.calls()).extracting(Call::words).containsOnly(phone.calls().get(0).words());
    assertThat(rig.status().failed()).isZero();
    assertThat(rig.status().state()).isEqualTo(State.UP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "header"})
  void aPauseThatIsAskedForIsKept(String where) throws Exception {
    time = Clock.systemUTC();
    Answer busy =
        where.equals("body")
            ? Answer.of(429, "{\"ok\":false,\"parameters\":{\"retry_after\":1}}")
            : new Answer(429, "", Map.of("Retry-After", "1"));
    phone.answers(call -> phone.calls().isEmpty() ? busy : Answer.FINE);
    start(telegram());
    unlocked();
    awaitDone();
    assertThat(phone.calls()).hasSize(2);
    assertThat(Duration.between(phone.calls().get(0).at(), phone.calls().get(1).at()))
        .isGreaterThan(Duration.ofMillis(900));
  }

  @Test
  void aMessageThatIsRefusedForGoodIsSetAsideAndTheRestFlows() throws Exception {
    phone.answers(
        call ->
            call.body().contains("driver")
                ? Answer.of(
                    400, "{\"ok\":false,\"description\":\"Bad Request: can't parse entities\"}")
                : Answer.FINE);
    start(telegram());
    Instant at = time.instant().minus(Duration.ofMinutes(16));
    rig.publish(
        List.of(
            event(MOVING, false, at),
            event("vehicle.cabin.window.row1.driver.status", "OPEN", at),
            event(LOCK, "UNLOCKED", at)));
    awaitDone();
    await().until(() -> rig.journal().setAside().size() == 1);
    assertThat(rig.journal().setAside().get(0).event().key()).contains("window");
    assertThat(phone.calls().get(phone.calls().size() - 1).words()).contains("Unlocked for");
    assertThat(rig.status().failed()).isEqualTo(1);
  }

  @Test
  void anUnknownChatWaitsForYouAndSetsNothingAside() throws Exception {
    phone.answers(
        call ->
            phone.calls().size() < 2
                ? Answer.of(400, "{\"ok\":false,\"description\":\"Bad Request: chat not found\"}")
                : Answer.FINE);
    start(telegram());
    unlocked();
    await().until(() -> rig.status().lastError() != null || rig.isDone());
    awaitDone();
    assertThat(phone.calls()).hasSize(3);
    assertThat(rig.status().failed()).isZero();
  }

  // ---- once ---------------------------------------------------------------------------------

  @Test
  void aRestartSaysNothingTwice() throws Exception {
    start(telegram());
    unlocked();
    awaitDone();
    rig.close();
    start(telegram());
    unlocked();
    awaitDone();
    assertThat(phone.calls()).hasSize(1);
  }

  @Test
  void whatWasNotSentBeforeTheEndIsSentAfterIt() throws Exception {
    phone.answers(call -> Answer.of(503, ""));
    start(telegram());
    unlocked();
    await().until(() -> rig.status().state() == State.DOWN);
    rig.close();
    phone.answers(call -> Answer.FINE);
    int before = phone.calls().size();
    start(telegram());
    awaitDone();
    assertThat(phone.calls()).hasSize(before + 1);
    assertThat(phone.calls().get(before).words()).contains("Unlocked for 11 min");
  }

  // ---- the routes are the program -----------------------------------------------------------

  @EditsRoute("sink-notify")
  void withoutItsSplitASinkShowsTheRulesNothing() throws Exception {
    start(
        CARS.without("expression: {simple: {expression: \"${body}\"}}"), BRIDGE, SEND, telegram());
    unlocked();
    awaitDone();
    assertThat(phone.calls()).isEmpty();
  }

  @EditsRoute("sink-notify-clock")
  void theClockSaysWhatAParkedCarDoesNot() throws Exception {
    start(
        CARS.writing("trigger.repeatInterval: 15000", "trigger.repeatInterval: 50"),
        BRIDGE,
        SEND,
        telegram());
    Instant now = time.instant();
    rig.publish(List.of(event(MOVING, false, now), event(LOCK, "UNLOCKED", now)));
    awaitDone();
    assertThat(phone.calls()).isEmpty();
    clock.move(Duration.ofMinutes(10));
    awaitCalls(1);
    assertThat(phone.calls().get(0).words()).contains("Unlocked for 10 min");
  }

  @EditsRoute("sink-notify-rules")
  void aRuleIsAStepThatCanBeTakenOutOrPutIn() throws Exception {
    ShippedRoute own =
        CARS.without("method: leftUnlocked")
            .after(
                "method: tyreLow",
                """
                - filter:
                    expression: {simple: {expression: "${body.key} == 'vehicle.alarm' && ${body.value} == true"}}
                    steps:
                      - bean: {ref: notifyCars, method: "say(${body}, 'alarm', '${body.vehicle} cries')"}
                """);
    start(own, BRIDGE, SEND, telegram());
    unlocked();
    rig.publish(List.of(event("vehicle.alarm", true, time.instant())));
    awaitCalls(1);
    awaitDone();
    assertThat(phone.calls())
        .extracting(Call::words)
        .containsExactly("<b>i4 &lt;&amp;&gt;</b>\ni4 &lt;&amp;&gt; cries");
  }

  @EditsRoute("notify-bridge")
  void aStateOfTheBridgeIsSaidByItsStepAndNotWithoutIt() throws Exception {
    status =
        account(
            "\"state\":\"authorized\",\"missingScopes\":[\"cardata:streaming:read\"]",
            "\"state\":\"refused\"");
    ShippedRoute quick =
        BRIDGE
            .without("method: scopeMissing")
            .writing("trigger.repeatInterval: 5000", "trigger.repeatInterval: 100");
    start(CARS, quick, SEND, telegram());
    Path memory = dir.resolve("notify.json");
    await().until(() -> Files.exists(memory) && Files.readString(memory).contains("refused|main"));
    clock.move(Duration.ofMinutes(15));
    awaitCalls(1);
    assertThat(phone.calls()).extracting(Call::words).allMatch(w -> w.contains("refused the data"));
    assertThat(begun).isEmpty();
  }

  @Test
  void aLoginThatIsNeededIsBegunOnceAndSaidWithLinkAndCode() throws Exception {
    status = account("\"state\":\"login-required\"", "\"state\":\"login-required\"");
    start(telegram());
    await().until(() -> !begun.isEmpty());
    assertThat(keptBefore).isTrue();
    status =
        account(
            "\"state\":\"pending\",\"userCode\":\"qRtVw3Kd\",\"verificationUri\":\"https://bmw.test/d\","
                + "\"verificationUriComplete\":\"https://bmw.test/d?c=qRtVw3Kd\","
                + "\"codeExpiresAt\":\"2026-07-27T12:05:00Z\"",
            "\"state\":\"login-required\"");
    awaitCalls(1);
    assertThat(phone.calls().get(0).words())
        .endsWith(
            "BMW wants a login. Open https://bmw.test/d?c=qRtVw3Kd and confirm the code qRtVw3Kd,"
                + " which is valid until 12:05. Later: on the bridge's page, or with ./bridge login.");
    status = account("\"state\":\"login-required\"", "\"state\":\"login-required\"");
    clock.move(Duration.ofMinutes(30));
    status =
        account(
            "\"state\":\"authorized\",\"idTokenExpiresAt\":\"2026-07-27T13:30:00Z\"",
            "\"state\":\"live\"");
    awaitCalls(2);
    assertThat(phone.calls().get(1).words()).endsWith("Logged in at BMW again.");
    assertThat(begun).containsExactly("main");
  }

  @EditsRoute("notify-send")
  void withoutItsLastStepASinkWhoseChannelIsAwayIsNotDown() throws Exception {
    phone.answers(call -> Answer.of(500, ""));
    start(CARS, BRIDGE, SEND.without("method: settle"), telegram());
    unlocked();
    awaitDone();
    assertThat(rig.status().state()).isEqualTo(State.UP);
    assertThat(phone.calls()).hasSize(1);
  }

  @EditsRoute("notify-send-channel")
  void withoutACheckWhateverIsAnsweredCountsAsSent() throws Exception {
    phone.answers(call -> Answer.of(500, ""));
    start(CARS, BRIDGE, SEND.without("method: check"), telegram());
    unlocked();
    awaitDone();
    assertThat(phone.calls()).hasSize(1);
  }

  @EditsRoute("notify-send-channel")
  void aChannelThatNeverAnswersIsGivenUpForNow() throws Exception {
    phone.answers(call -> phone.calls().isEmpty() ? Answer.SLOW : Answer.FINE);
    start(CARS, BRIDGE, SEND.writing("responseTimeout: 30000", "responseTimeout: 300"), telegram());
    unlocked();
    awaitDone();
    assertThat(phone.calls()).hasSize(2);
  }
}
