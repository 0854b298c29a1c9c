// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.HistoryPoint;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ADay;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route on a real journal, fed with a day. */
@Timeout(120)
class DeriveRouteTest {

  private static final ShippedRoute DERIVE = ShippedRoute.of("derive");
  private static final List<CarMessage> DAY = DecodedDay.messages();
  private static final Instant NEXT_DAY = Instant.parse("2026-03-03T06:00:00Z");
  private static final String ROWS =
      "SELECT id, start, \"end\", distance, energy, start_latitude FROM trips"
          + " UNION ALL SELECT id, start, \"end\", energy, grid_energy, latitude"
          + " FROM charge_sessions ORDER BY 1";

  @TempDir Path dir;

  /** A bridge with this route and nothing else, in a time of its own. */
  private static final class Rig implements AutoCloseable {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final AtomicReference<Instant> now = new AtomicReference<>();
    private final Journal journal;

    Rig(Path dir, ShippedRoute route, Map<String, String> values) throws Exception {
      this(dir, route, values, DAY.get(0).received());
    }

    Rig(Path dir, ShippedRoute route, Map<String, String> values, Instant start) throws Exception {
      now.set(start);
      Clock clock = new SettableClock(now::get);
      Settings settings =
          Settings.defaults().with(Map.of("cardata.derived.enabled", "true")).with(values);
      journal = new Journal(JournalSettings.in(dir), clock);
      EventsComponent events = new EventsComponent();
      events.setJournal(journal);
      context.addComponent("events", events);
      Properties properties = new Properties();
      properties.putAll(settings.asMap());
      context.getPropertiesComponent().setOverrideProperties(properties);
      context
          .getRegistry()
          .bind(
              "derived",
              new DerivedValues(
                  DerivedSettings.of(settings, ZoneOffset.UTC), new JournalPast(journal), clock));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString("derive.camel.yaml", route.yaml()));
      context.start();
    }

    Rig(Path dir) throws Exception {
      this(dir, DERIVE, Map.of());
    }

    Rig feed(int from, int to) throws Exception {
      for (CarMessage message : DAY.subList(from, to)) {
        keep(message);
      }
      return settled();
    }

    /** Each message when the one before is worked through. */
    Rig live() throws Exception {
      for (CarMessage message : DAY) {
        keep(message);
        settled();
      }
      return this;
    }

    void keep(CarMessage message) throws Exception {
      now.set(message.received());
      CompletableFuture<Void> safe = new CompletableFuture<>();
      journal.publish(
          message,
          false,
          failure -> {
            if (failure == null) {
              safe.complete(null);
            } else {
              safe.completeExceptionally(failure);
            }
          });
      safe.get(40, TimeUnit.SECONDS);
    }

    Rig settled() {
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(
              () ->
                  journal.sinks().stream()
                      .anyMatch(s -> s.name().equals("derived") && s.lag() == 0));
      return this;
    }

    List<HistoryPoint> history(String key) {
      return journal.history(ADay.VIN, key, null, Instant.MAX, 10_000);
    }

    List<Object> rows() {
      List<Object> rows = new ArrayList<>();
      for (String key : List.of(DerivedValue.TRIP, DerivedValue.SESSION)) {
        history(key).forEach(p -> rows.add(List.of(key, p.timestamp(), p.value(), p.source())));
      }
      return rows;
    }

    @Override
    public void close() {
      context.stop();
      journal.close();
    }
  }

  private List<String> sql(String query) throws Exception {
    return sql(dir, query);
  }

  private static List<String> sql(Path dir, String query) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("journal.db"));
        Statement statement = connection.createStatement()) {
      if (!query.startsWith("SELECT")) {
        statement.executeUpdate(query);
        return List.of();
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery(query)) {
        int columns = row.getMetaData().getColumnCount();
        while (row.next()) {
          StringBuilder text = new StringBuilder();
          for (int i = 1; i <= columns; i++) {
            text.append(row.getString(i)).append(i == columns ? "" : " ");
          }
          rows.add(text.toString());
        }
      }
      return rows;
    }
  }

  @Test
  void aDayGivesItsTripsAndItsChargeAndValuesOfTheMoment() throws Exception {
    try (Rig rig = new Rig(dir).live()) {
      assertThat(rig.rows()).hasSize(3);
      assertThat(rig.history(DerivedValue.POWER)).isNotEmpty();
      assertThat(rig.history(DerivedValue.STATE_OF_CHARGE)).hasSizeGreaterThan(100);
      assertThat(rig.journal.newest().newest(ADay.VIN, DerivedValue.STATE_OF_CHARGE))
          .hasValueSatisfying(
              event -> {
                assertThat(event.value()).isEqualTo(80.0);
                assertThat(event.source()).isEqualTo("derived");
              });
      nothingIsWorkedOutTwice(rig);
    }
    assertThat(sql(ROWS))
        .containsExactly(
            "charge-20260302T162500Z 2026-03-02T16:25:00Z 2026-03-02T18:57:27Z 25.02 27.19 50.2601",
            "trip-20260302T061200Z 2026-03-02T06:12:00Z 2026-03-02T06:46:00Z 31 5.65 50.2601",
            "trip-20260302T153400Z 2026-03-02T15:34:00Z 2026-03-02T16:20:00Z 33 6.46 50.1015");
  }

  private static void nothingIsWorkedOutTwice(Rig rig) {
    long own = DAY.stream().mapToLong(message -> message.points().size()).sum();
    long derived =
        List.of(
                DerivedValue.TRIP,
                DerivedValue.SESSION,
                DerivedValue.POWER,
                DerivedValue.STATE_OF_CHARGE,
                DerivedValue.ERROR)
            .stream()
            .mapToLong(key -> rig.history(key).size())
            .sum();
    // A report on the minute is what the minute before it said.
    assertThat(rig.journal.snapshot().points())
        .isBetween(own + derived, own + derived + DAY.size() / 10);
    assertThat(rig.history("vehicle.drivetrain.batteryManagement.header"))
        .allMatch(point -> point.source().equals("stream"));
  }

  @Test
  void inTheMiddleOfATripOrAChargeAnEndOrAKillChangesNothing() throws Exception {
    List<Object> whole;
    try (Rig rig = new Rig(dir.resolve("whole")).feed(0, DAY.size())) {
      whole = rig.rows();
    }
    int drive = 80;
    int charge = 230;
    Path first = dir.resolve("first");
    new Rig(first).feed(0, drive).close();
    Path second = dir.resolve("second");
    try (Rig rig = new Rig(first).feed(drive, charge)) {
      copy(first, second);
      assertThat(rig.rows()).isNotEmpty();
    }
    try (Rig rig = new Rig(second).feed(charge, DAY.size())) {
      assertThat(rig.rows()).isEqualTo(whole);
    }
  }

  /** What a kill leaves. */
  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectories(to);
    for (String file : List.of("journal.db", "journal.db-wal")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
  }

  @Test
  void workedOutAgainFromTheJournalItIsTheSame() throws Exception {
    new Rig(dir).feed(0, DAY.size()).close();
    List<String> before = sql(ROWS);
    assertThat(before).hasSize(3);
    sql("DELETE FROM positions");
    workOut(dir);
    assertThat(sql(ROWS)).isEqualTo(before);

    // A journal of a time in which nothing was worked out.
    Path other = dir.resolve("other");
    try (Rig rig = new Rig(other, DERIVE, Map.of("cardata.derived.enabled", "false"))) {
      for (CarMessage message : DAY) {
        rig.keep(message);
      }
      assertThat(rig.rows()).isEmpty();
    }
    workOut(other);
    assertThat(sql(other, ROWS)).isEqualTo(before);
  }

  private static void workOut(Path dir) throws Exception {
    try (Rig rig = new Rig(dir, DERIVE, Map.of(), NEXT_DAY)) {
      rig.settled();
      assertThat(rig.rows()).hasSize(3);
    }
  }

  @EditsRoute("derive-tick")
  void timeAloneEndsATripAndGoesOnWithACharge() throws Exception {
    ShippedRoute often =
        DERIVE.writing("trigger.repeatInterval: 20000", "trigger.repeatInterval: 50");
    int arrived = indexOf("\"vehicle.vehicle.preConditioning", 60) - 20;
    try (Rig rig = new Rig(dir, often, Map.of()).feed(0, arrived)) {
      assertThat(rig.rows()).isEmpty();
      rig.now.set(rig.now.get().plus(Duration.ofHours(1)));
      await().untilAsserted(() -> assertThat(rig.rows()).hasSize(1));
    }
  }

  private static int indexOf(String text, int from) {
    for (int i = from; i < DAY.size(); i++) {
      if (new String(DAY.get(i).payload(), java.nio.charset.StandardCharsets.UTF_8)
          .contains(text)) {
        return i;
      }
    }
    throw new AssertionError(text);
  }

  @EditsRoute("derive-tick")
  void withoutItsStepTimeGivesNothing() throws Exception {
    ShippedRoute still =
        DERIVE
            .writing("trigger.repeatInterval: 20000", "trigger.repeatInterval: 50")
            .without("- split:");
    int arrived = indexOf("\"vehicle.vehicle.preConditioning", 60) - 20;
    try (Rig rig = new Rig(dir, still, Map.of()).feed(0, arrived)) {
      rig.now.set(rig.now.get().plus(Duration.ofHours(1)));
      await().during(Duration.ofMillis(300)).untilAsserted(() -> assertThat(rig.rows()).isEmpty());
    }
  }

  @EditsRoute("derive")
  void aFilterThatIsPutInHoldsBack() throws Exception {
    String mine =
        """
        - filter:
            expression:
              simple:
                expression: "${body[0].key} == 'derived.charging.session'"
            steps:
              - to:
                  uri: events:publish
        - stop: {}
        """;
    try (Rig rig = new Rig(dir, DERIVE.before("id: publish-derived", mine), Map.of())) {
      rig.feed(0, DAY.size());
      assertThat(rig.history(DerivedValue.TRIP)).isEmpty();
      assertThat(rig.history(DerivedValue.SESSION)).hasSize(1);
    }
  }

  @Test
  void aTickThatWaitsForTheJournalHoldsOneThreadAndNoMore() throws Exception {
    try (Rig rig = new Rig(dir)) {
      QuartzEndpoint timer =
          (QuartzEndpoint) rig.context.getRoute("derive-tick").getConsumer().getEndpoint();
      assertThat(timer.isStateful()).isTrue();
    }
  }

  @Test
  void switchedOffItDoesNothing() throws Exception {
    Map<String, String> off = Map.of("cardata.derived.enabled", "false");
    try (Rig rig = new Rig(dir, DERIVE, off)) {
      assertThat(rig.context.getRouteController().getRouteStatus("derive").isStarted()).isFalse();
      assertThat(rig.context.getRouteController().getRouteStatus("derive-tick").isStarted())
          .isFalse();
    }
  }
}
