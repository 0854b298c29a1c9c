// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cardatabridge.bench.SinkThroughput;

/**
 * {@link SinkThroughput} for the sinks of this package, with targets that it starts and ends
 * itself: InfluxDB 1, QuestDB, VictoriaMetrics where they are there, and an HTTP server.
 */
public final class PushThroughput {

  private PushThroughput() {}

  /** Prints the figures; run it in the project's directory after a build. */
  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory("cardata-push");
    try (LineServer server = LineServer.influxDb1(Files.createDirectory(dir.resolve("influx")))) {
      SinkThroughput.main(
          new String[] {
            "influxdb",
            "url=" + server.url(),
            "version=1",
            "database=cars",
            "username=me",
            "password=pw"
          });
    }
    try (LineServer server = LineServer.questDb(Files.createDirectory(dir.resolve("quest")))) {
      SinkThroughput.main(
          new String[] {"influxdb", "url=" + server.url(), "org=any", "bucket=any"});
    }
    try (LineServer server =
        LineServer.victoriaMetrics(Files.createDirectory(dir.resolve("victoria")))) {
      SinkThroughput.main(
          new String[] {"influxdb", "url=" + server.url(), "org=any", "bucket=any"});
    }
    for (String batch : new String[] {"100", "1"}) {
      try (HttpTarget target = new HttpTarget()) {
        SinkThroughput.main(new String[] {"http", "url=" + target.url(), "batch=" + batch});
      }
    }
  }
}
