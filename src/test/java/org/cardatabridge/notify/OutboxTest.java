// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TryLaterException;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits, for how long, and for whom. */
class OutboxTest {

  private static final String KEY = "vehicle.x";
  private static final String LOCK = "vehicle.cabin.door.lock.status";

  @TempDir Path dir;
  private final SetClock clock = new SetClock(Instant.parse("2026-07-27T21:00:00Z"));
  private NotifyBench bench;

  @BeforeEach
  void begin() {
    bench = new NotifyBench(dir, clock);
  }

  private void say(String rule, String text) {
    say(rule, text, bench.event(KEY, text));
  }

  private void say(String rule, String text, CarEvent event) {
    Look look = bench.cars().look(event);
    bench.cars().say(look, rule, text);
    bench.outbox().put(look);
  }

  @Test
  void whatWaitsIsOneMessage() {
    say("a", "One.");
    say("b", "Two.");
    assertThat(bench.send()).containsExactly("i4: • One.\n• Two.");
    assertThat(bench.send()).isEmpty();
  }

  @Test
  void theSameValueIsSaidOnceHoweverOftenItComes() {
    CarEvent event = bench.event(KEY, 1);
    say("a", "One.", event);
    say("a", "One.", event);
    assertThat(bench.send()).hasSize(1);
    bench.start();
    say("a", "One.", event);
    assertThat(bench.send()).isEmpty();
  }

  @Test
  void oldValuesAndReplaysSayNothing() {
    say("a", "old", bench.event(KEY, 1, clock.instant().minus(Duration.ofHours(3))));
    bench.hears(bench.event("vehicle.isMoving", false));
    clock.move(Duration.ofMinutes(15));
    CarEvent now = bench.event(LOCK, "UNLOCKED", clock.instant().minus(Duration.ofMinutes(20)));
    CarEvent replayed =
        new CarEvent(
            now.account(),
            now.vin(),
            now.vehicle(),
            now.key(),
            now.value(),
            null,
            now.timestamp(),
            now.received(),
            "replay");
    say("a", "replayed", replayed);
    assertThat(bench.hears(replayed)).isEmpty();
    assertThat(bench.send()).isEmpty();
    assertThat(bench.hears(now)).hasSize(1);
  }

  @Test
  void inQuietHoursOnlyWhatIsUrgentIsSaidAndTheRestAfterThemWithItsTime() {
    bench =
        new NotifyBench(
            dir, clock, "quiet-hours", "22:00-07:00", "zone", "Europe/Berlin", "urgent", "alarm");
    say("a", "Waits.");
    say("alarm", "Cries.");
    assertThat(bench.send()).containsExactly("i4: Cries.");
    clock.set(Instant.parse("2026-07-28T04:59:59Z"));
    bench.start();
    assertThat(bench.send()).isEmpty();
    clock.set(Instant.parse("2026-07-28T05:00:00Z"));
    assertThat(bench.send()).containsExactly("i4: [2026-07-27 23:00] Waits.");
  }

  @Test
  void aLongMessageIsCutAndManyBecomeSeveral() {
    say("a", "ü".repeat(5000));
    IntStream.range(0, 100).forEach(i -> say("r" + i, "Number " + i + " " + "x".repeat(90)));
    List<String> sent = bench.send();
    assertThat(sent).hasSizeBetween(4, 8);
    assertThat(sent)
        .allMatch(
            text -> text.getBytes(StandardCharsets.UTF_8).length <= Messages.LONGEST_BYTES + 10);
    assertThat(String.join("", sent)).contains("Number 0 ", "Number 99 ", "ü…");
  }

  @Test
  void whatOneSendsNoOtherDoes() {
    say("a", "One.");
    List<Message> mine = bench.due("notify");
    assertThat(mine).hasSize(1);
    clock.move(Duration.ofMinutes(1));
    assertThat(bench.due(null)).as("the channel is in use").isEmpty();
    clock.move(Duration.ofMinutes(2));
    assertThat(bench.due(null)).as("whoever had it is gone").hasSize(1);
    assertThat(bench.outbox().isStillDue(mine.get(0))).isFalse();
  }

  @Test
  void theClockLeavesASinkTheFirstGoAndKeepsPausesOfItsOwn() {
    say("a", "One.");
    assertThat(bench.due(null)).isEmpty();
    Message first = bench.due("notify").get(0);
    bench.outbox().failed(first, new java.io.IOException("away"));
    clock.move(Duration.ofSeconds(31));
    Message second = bench.due(null).get(0);
    bench.outbox().failed(second, new java.io.IOException("away"));
    assertThat(bench.due(null)).isEmpty();
    clock.move(Duration.ofSeconds(31));
    assertThat(bench.due(null)).hasSize(1);
  }

  @Test
  void aChannelThatFailsKeepsItsPauseWhileAnotherWorks() throws Exception {
    bench = new NotifyBench(dir, clock, "gotify.url", "http://gotify.test", "gotify.token", "x");
    say("a", "One.");
    for (Message message : bench.due("notify")) {
      if (message.channel().equals("gotify")) {
        bench.outbox().failed(message, new java.io.IOException("away"));
      } else {
        bench.outbox().taken(message);
      }
    }
    bench.outbox().settle(List.of(), "notify");
    say("b", "Two.");
    assertThat(bench.due("notify")).extracting(Message::channel).containsExactly("webhook");
    clock.move(Duration.ofMinutes(3));
    assertThat(bench.due("notify"))
        .extracting(Message::channel, Message::text)
        .contains(org.assertj.core.groups.Tuple.tuple("gotify", "• One.\n• Two."));
  }

  @Test
  void aChannelThatIsTakenOutOfTheSettingsIsOwedNothing() throws Exception {
    bench = new NotifyBench(dir, clock, "gotify.url", "http://gotify.test", "gotify.token", "x");
    say("a", "One.");
    for (Message message : bench.due("notify")) {
      if (message.channel().equals("webhook")) {
        bench.outbox().taken(message);
      }
    }
    bench = new NotifyBench(dir, clock);
    assertThat(bench.send()).isEmpty();
    bench.outbox().settle(List.of(), "notify");
  }

  @Test
  void aPauseThatAChannelAsksForHoldsForAll() {
    say("a", "One.");
    Message message = bench.due("notify").get(0);
    bench.outbox().failed(message, new TryLaterException("busy", Duration.ofSeconds(30)));
    assertThat(bench.due("notify")).isEmpty();
    assertThatThrownBy(() -> bench.outbox().settle(List.of(), "notify"))
        .isInstanceOfSatisfying(
            TryLaterException.class, e -> assertThat(e.pause()).isEqualTo(Duration.ofSeconds(30)));
    clock.move(Duration.ofSeconds(30));
    assertThat(bench.due("notify")).hasSize(1);
  }

  @Test
  void noFailureNamesAnAddress() {
    say("a", "One.");
    Message message = bench.due("notify").get(0);
    bench.outbox().failed(message, new java.io.IOException("http://phone.test/bot4711:secret"));
    assertThatThrownBy(() -> bench.outbox().settle(List.of(), "notify"))
        .isInstanceOf(java.io.IOException.class)
        .hasMessage("webhook cannot be reached (IOException)")
        .hasNoCause();
  }

  @Test
  void whatIsOverBeforeItWasSentIsNotSent() {
    bench = new NotifyBench(dir, clock, "quiet-hours", "20:00-07:00", "zone", "UTC");
    bench.hears("vehicle.isMoving", false);
    bench.hears(LOCK, "UNLOCKED");
    assertThat(bench.waits(Duration.ofMinutes(10))).isEmpty();
    bench.hears(LOCK, "LOCKED");
    assertThat(bench.waits(Duration.ofHours(11))).isEmpty();
  }

  @Test
  void theEndOfWhatWasSaidStaysWhereTheNextBeginningIsTakenBack() throws Exception {
    String quiet = "13:00-14:00";
    clock.set(Instant.parse("2026-07-27T12:00:00Z"));
    bench =
        new NotifyBench(
            dir, clock, "quiet-hours", quiet, "zone", "UTC", "refresh-failing.after", "1s");
    String failing = tokens("2026-07-27T11:00:00Z");
    bench.sees(failing);
    clock.move(Duration.ofSeconds(1));
    assertThat(bench.sees(failing)).hasSize(1);
    clock.set(Instant.parse("2026-07-27T13:00:00Z"));
    assertThat(bench.sees(tokens("2026-07-27T13:10:00Z"))).isEmpty();
    clock.move(Duration.ofMinutes(20));
    bench.sees(tokens("2026-07-27T13:10:00Z"));
    clock.move(Duration.ofMinutes(1));
    bench.sees(tokens("2026-07-27T13:10:00Z"));
    bench.sees(tokens("2026-07-27T15:00:00Z"));
    clock.set(Instant.parse("2026-07-27T14:00:00Z"));
    assertThat(bench.send()).containsExactly("CarData: [13:00] The tokens are renewed again.");
  }

  private static String tokens(String end) {
    return "{\"name\":\"main\",\"login\":{\"state\":\"authorized\",\"idTokenExpiresAt\":\""
        + end
        + "\"},\"stream\":{\"state\":\"live\"}}";
  }

  @Test
  void theClockWaitsForMoreAsLongAsIsSet() throws Exception {
    bench = new NotifyBench(dir, clock, "group-for", "30s", "login-needed.after", "1ms");
    Instant at = clock.instant();
    Notice notice = new Notice("1", "a", "main", null, "CarData", "One.", null, false, at, null);
    AccountLook look = new AccountLook(com.fasterxml.jackson.databind.node.NullNode.getInstance());
    look.add(notice);
    bench.outbox().put(look);
    assertThat(bench.due(null)).isEmpty();
    clock.move(Duration.ofSeconds(25));
    assertThat(bench.due(null)).hasSize(1);
  }

  @Test
  void whatOneChannelRefusesAndAnotherTakesIsNotRefused() throws Exception {
    bench = new NotifyBench(dir, clock, "gotify.url", "http://gotify.test", "gotify.token", "x");
    CarEvent event = bench.event(KEY, 1);
    say("a", "One.", event);
    for (Message message : bench.due("notify")) {
      if (message.channel().equals("gotify")) {
        bench.outbox().failed(message, new EventRefusedException("too long"));
      } else {
        bench.outbox().taken(message);
      }
    }
    bench.outbox().settle(event, "notify");
  }

  @Test
  void whatEveryChannelRefusesIsRefused() throws Exception {
    bench = new NotifyBench(dir, clock, "gotify.url", "http://gotify.test", "gotify.token", "x");
    CarEvent event = bench.event(KEY, 1);
    say("a", "One.", event);
    for (Message message : bench.due("notify")) {
      bench.outbox().failed(message, new EventRefusedException("too long"));
    }
    assertThatThrownBy(() -> bench.outbox().settle(event, "notify"))
        .isInstanceOf(EventRefusedException.class);
  }

  @Test
  void aClockThatIsSetBackProlongsNoPause() {
    say("a", "One.");
    Message message = bench.due("notify").get(0);
    bench.outbox().failed(message, new TryLaterException("busy", Duration.ofSeconds(30)));
    clock.move(Duration.ofHours(-5));
    assertThat(bench.due(null)).isEmpty();
    clock.move(Duration.ofMinutes(4));
    assertThat(bench.due(null)).hasSize(1);
    clock.move(Duration.ofHours(-5));
    assertThat(bench.due(null)).as("in use").isEmpty();
    clock.move(Duration.ofMinutes(5));
    assertThat(bench.due(null)).as("whoever had it is gone").hasSize(1);
  }

  @Test
  void aDamagedMemoryIsKeptAsideAndTheBridgeGoesOn() throws Exception {
    say("a", "One.");
    bench.send();
    Path file = dir.resolve("notify.json");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    Files.writeString(file, "{\"episodes\":{\"a|b\":{\"since\":\"yesterday\"}}}");
    bench.start();
    assertThat(dir.resolve("notify.json.damaged")).exists();
    say("a", "Two.");
    assertThat(bench.send()).containsExactly("i4: Two.");
  }

  @Test
  void nothingIsWrittenWhereNothingHasChanged() throws Exception {
    say("a", "One.");
    bench.send();
    Files.delete(dir.resolve("notify.json"));
    bench.waits(Duration.ofMinutes(1));
    assertThat(dir.resolve("notify.json")).doesNotExist();
  }

  @Test
  void aCarWithoutAnAliasGoesByItsModelAndNeverByItsVin() {
    CarEvent data =
        new CarEvent(
            "main",
            NotifyBench.VIN,
            NotifyBench.VIN,
            "vehicle.vehicleIdentification.basicVehicleData",
            java.util.Map.of("modelName", "i4 eDrive40"),
            null,
            clock.instant(),
            clock.instant(),
            "stream");
    assertThat(bench.cars().look(event(LOCK, NotifyBench.VIN)).vehicle()).isEqualTo("Car");
    assertThat(bench.cars().look(data).vehicle()).isEqualTo("i4 eDrive40");
    bench.hears(data);
    clock.move(Duration.ofSeconds(1));
    bench.start();
    assertThat(bench.cars().look(NotifyBench.VIN).vehicle()).isEqualTo("i4 eDrive40");
  }

  private CarEvent event(String key, String vehicle) {
    return new CarEvent(
        "main", NotifyBench.VIN, vehicle, key, 1, null, clock.instant(), clock.instant(), "stream");
  }
}
