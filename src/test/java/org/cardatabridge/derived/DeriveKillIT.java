// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.testing.ADay;
import org.cardatabridge.testing.Child;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program itself works out a month, killed in the middle: nothing is missing or doubled. */
@Timeout(120)
class DeriveKillIT {

  private static final int DAYS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Child bridge(boolean isOn, String... arguments) throws Exception {
    Map<String, String> variables = new TreeMap<>();
    variables.put("CARDATA_DERIVED_ENABLED", Boolean.toString(isOn));
    variables.put("CARDATA_SINK_MQTT_ENABLED", "false");
    variables.put("CARDATA_HTTP_PORT", "0");
    return Child.bridge(directory, variables, arguments);
  }

  private List<String> sql(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + directory.resolve("data/journal.db") + "?open_mode=1");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  /** How many messages of ours are there; the history follows half a minute later. */
  private int told() throws SQLException {
    return Integer.parseInt(sql("SELECT count(*) FROM messages WHERE source = 'derived'").get(0));
  }

  private boolean isThrough() throws SQLException {
    List<String> behind =
        sql(
            "SELECT (SELECT max(number) FROM messages) >= message FROM positions"
                + " WHERE sink = 'derived'");
    return behind.equals(List.of("0"));
  }

  /** The same day each day, up to yesterday. */
  private Path month() throws Exception {
    LocalDate first = LocalDate.now(Clock.systemUTC().withZone(ZoneOffset.UTC)).minusDays(DAYS);
    List<String> lines = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      String date = first.plusDays(day).toString();
      ADay.recorded().forEach(line -> lines.add(line.replace("2026-03-02", date)));
    }
    return Files.write(directory.resolve("month.ndjson"), lines);
  }

  @Test
  void aKillInTheMiddleLosesAndDoublesNothing() throws Exception {
    try (Child replay = bridge(false, "replay", "--file", month().toString())) {
      assertThat(replay.exitCode(PATIENCE)).as(replay.err()).isZero();
    }
    assertThat(told()).isZero();

    int kills = 0;
    for (; kills < 3 && told() < 3 * DAYS; kills++) {
      int before = told();
      try (Child run = bridge(true, "run")) {
        await()
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> !run.isAlive() || told() > before);
      }
    }
    try (Child run = bridge(true, "run")) {
      await().atMost(PATIENCE).until(this::isThrough);
      run.terminate();
      run.exitCode(PATIENCE);
    }
    String shape = "strftime('%H:%M:%S', start) || ' ' || strftime('%H:%M:%S', \"end\") || ' ' ||";
    assertThat(sql("SELECT " + shape + " distance || ' ' || energy FROM trips GROUP BY 1"))
        .containsExactly("06:12:00 06:46:00 31 5.65", "15:34:00 16:20:00 33 6.46");
    assertThat(sql("SELECT count(*) FROM trips")).containsExactly("" + 2 * DAYS);
    assertThat(sql("SELECT count(*) FROM charge_sessions")).containsExactly("" + DAYS);
    assertThat(sql("SELECT DISTINCT " + shape + " energy FROM charge_sessions"))
        .containsExactly("16:25:00 18:57:27 25.02");
    System.out.println(kills + " kills");
  }
}
