// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.cardatabridge.recording.TestJournal;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String VIN = "WBY00TEST00000001";
  private static final ExportRequest ALL = new ExportRequest(null, null, null, false);

  @TempDir Path workDir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private final StopSignal signal = new StopSignal();

  private Path data() throws IOException {
    return Files.createDirectories(workDir.resolve("data"));
  }

  private Export export(Map<String, String> more) {
    LoadedSettings settings = SettingsLoader.load(workDir, Map.of(), more);
    return new Export(settings, signal, new PrintWriter(err, true));
  }

  private String exported(ExportRequest request) {
    assertThat(export(Map.of()).write(request, out)).as(err.toString()).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theMessagesComeAsLines() throws Exception {
    try (TestJournal journal = new TestJournal(data())) {
      journal.add("2026-01-31T12:00:00Z", "main", "g/v", "{\"a\":1}");
      journal.add(NOON.plusSeconds(1), "rest", "main", "", new byte[] {-1});
      assertThat(exported(ALL))
          .isEqualTo(
              "{\"received\":\"2026-01-31T12:00:00Z\",\"source\":\"stream\",\"account\":\"main\","
                  + "\"topic\":\"g/v\",\"payload\":\"{\\\"a\\\":1}\"}\n"
                  + "{\"received\":\"2026-01-31T12:00:01Z\",\"source\":\"rest\",\"account\":\"main\","
                  + "\"topic\":\"\",\"payloadBase64\":\"/w==\"}\n");
    }
    assertThat(err).hasToString("");
  }

  @Test
  void anEmptyJournalIsNoFault() throws Exception {
    new TestJournal(data()).close();
    assertThat(exported(ALL)).isEmpty();
  }

  @Test
  void aMissingJournalIsASentenceAndAFailure() {
    assertThat(export(Map.of()).write(ALL, out)).isEqualTo(1);
    assertThat(err).asString().contains("there is no", "journal.db", "—");
    assertThat(workDir).isEmptyDirectory();
  }

  @Test
  void anAccountThatNobodyKnowsIsWrongUsage() throws Exception {
    try (TestJournal journal = new TestJournal(data())) {
      journal.add("2026-01-31T12:00:00Z", "old", "g/v", "{}");
    }
    assertThatThrownBy(
            () -> export(Map.of()).write(new ExportRequest(null, null, "mian", false), out))
        .isInstanceOf(BadSettingException.class)
        .hasMessage("--account: got 'mian', takes one of main");
    assertThat(exported(new ExportRequest(null, null, "old", false))).contains("\"old\"");
  }

  @Test
  void aClosedPipeEndsItQuietlyAndAFullDiskDoesNot() throws Exception {
    try (TestJournal journal = new TestJournal(data())) {
      journal.fill(3_000, NOON, "x".repeat(100));
    }
    assertThat(export(Map.of()).write(ALL, failing("Broken pipe"))).isZero();
    assertThat(err).hasToString("");
    assertThat(export(Map.of()).write(ALL, failing("No space left on device"))).isEqualTo(1);
    assertThat(err).asString().startsWith("Writing the export: No space left on device — ");
  }

  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void whenToldToEndItEnds() throws Exception {
    try (TestJournal journal = new TestJournal(data())) {
      journal.fill(10, NOON, "");
    }
    signal.give();
    assertThat(export(Map.of()).write(ALL, out)).isEqualTo(1);
    assertThat(err).asString().contains("before it was complete");
  }

  @Test
  void nobodyThatSettingsTokensOrMessagesNameIsInAnAnonymousOne() throws Exception {
    String gcid = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
    Files.writeString(
        data().resolve("tokens.json"),
        "{\"version\":1,\"gcid\":\"gcid-4711\",\"refresh_token\":\"r\",\"client_id\":\"c\"}");
    try (TestJournal journal = new TestJournal(data())) {
      journal.add("2026-01-31T12:00:00Z", "anna", gcid + "/" + VIN, "Familienkutsche, gcid-4711");
      journal.add("2026-01-31T12:00:00Z", "main", "", "{\"vin\":\"" + VIN + "\"}");
    }
    Map<String, String> settings =
        Map.of(
            "cardata.vehicle." + VIN + ".alias",
            "Familienkutsche",
            "cardata.accounts",
            "main,paula");
    assertThat(export(settings).write(new ExportRequest(null, null, null, true), out)).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .hasLineCount(2)
        .contains("\"account\":\"main\"", "\"received\":\"2026-01-31T12:00:00Z\"")
        .doesNotContain("anna", VIN, gcid, "Familienkutsche", "gcid-4711");
  }
}
