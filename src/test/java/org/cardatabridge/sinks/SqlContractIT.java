// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.testing.Postgres;

/** The contract for {@code sink-sql}, against PostgreSQL. */
class SqlContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.sql.";
  private static final String NO_TABLE = "42P01";

  @Override
  protected String sink() {
    return "sql";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Database(Postgres.start());
  }

  private record Database(Postgres postgres) implements SinkTarget {

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "url",
          postgres.url(),
          PREFIX + "username",
          Postgres.USER,
          PREFIX + "password",
          Postgres.PASSWORD,
          PREFIX + "create",
          "true");
    }

    @Override
    public Set<String> secrets() {
      return Set.of(Postgres.PASSWORD);
    }

    @Override
    public void stop() throws Exception {
      postgres.stop();
    }

    @Override
    public void kill() {
      postgres.kill();
    }

    @Override
    public void start() throws IOException {
      postgres.startAgain();
    }

    /** In the order of the rows on the disk, which nothing changes. */
    @Override
    public List<Long> received(String key) throws SQLException {
      List<Long> values = new ArrayList<>();
      try (Connection connection = postgres.connect();
          PreparedStatement ask =
              connection.prepareStatement(
                  "SELECT value_num FROM cardata_values WHERE key = ? ORDER BY ctid")) {
        ask.setString(1, key);
        try (ResultSet rows = ask.executeQuery()) {
          while (rows.next()) {
            values.add(rows.getLong(1));
          }
        }
      } catch (SQLException e) {
        if (!NO_TABLE.equals(e.getSQLState())) {
          throw e;
        }
      }
      return values;
    }

    @Override
    public boolean showsDoubles() {
      return false;
    }

    /** PostgreSQL has no zero byte in a text. */
    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      return Optional.of(Poison.with(good, good.key(), "a\0b"));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "url", "jdbc:mysql://nowhere/cars",
          PREFIX + "table", "a.b.c",
          PREFIX + "create", "perhaps");
    }

    @Override
    public void close() throws IOException {
      postgres.close();
    }
  }
}
