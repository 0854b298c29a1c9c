// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as compose.yaml starts it, with a database beside it. */
@Timeout(120)
class DemoSinksIT {

  private static final Duration END = Duration.ofSeconds(100);

  @TempDir Path directory;

  @Test
  void theDemosCarsAreInTheDatabaseOfTheSinkThatIsNamed() throws Exception {
    Postgres.assumeInstalled();
    try (Postgres postgres = Postgres.start()) {
      Map<String, String> variables = new TreeMap<>();
      variables.put("CARDATA_CLIENT_ID", "not-for-the-demo");
      variables.put("CARDATA_SINK_SQL_URL", postgres.url());
      variables.put("CARDATA_SINK_SQL_USERNAME", Postgres.USER);
      variables.put("CARDATA_SINK_SQL_PASSWORD", Postgres.PASSWORD);
      variables.put("CARDATA_SINK_SQL_CREATE", "true");
      variables.put("CARDATA_DERIVED_ENABLED", "true");
      try (Child demo =
          Child.bridge(directory, variables, "demo", "--for", "2s", "--sinks", "sql")) {
        assertThat(demo.exitCode(END)).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out())
            .contains("sinks    sql, with the environment's settings")
            .doesNotContain(Postgres.PASSWORD);
        assertThat(demo.err()).isEmpty();
      }
      try (Connection connection = postgres.connect();
          Statement ask = connection.createStatement();
          ResultSet row =
              ask.executeQuery("SELECT count(DISTINCT vehicle), count(*) FROM cardata_values")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(3);
        assertThat(row.getInt(2)).isGreaterThan(20);
      }
    }
    assertThat(directory).isEmptyDirectory();
  }
}
