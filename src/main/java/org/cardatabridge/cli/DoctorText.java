// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.doctor.Examination;
import org.cardatabridge.doctor.Verdict;
import org.cardatabridge.doctor.Words;

/** Prints what the doctor found: a line for each check, and what to do below it. */
final class DoctorText {

  /** Said where no bridge runs. */
  static final String BESIDE =
      "No bridge runs on this data directory: connecting to BMW for a moment. A bridge of the same"
          + " account on another machine is thrown off for that time.";

  /** The bundle's name where nobody gives another. */
  static final String FILE = "cardata-doctor.zip";

  private static final int TITLE = 22;

  private final PrintWriter out;
  private final boolean asJson;
  private final ObjectMapper json = new ObjectMapper();

  DoctorText(PrintWriter out, boolean asJson) {
    this.out = out;
    this.asJson = asJson;
  }

  /** Said where one runs; what answers there may be another one, with other data. */
  static String through(String authority) {
    return "A bridge runs on this data directory: asking the one at "
        + authority
        + " (cardata.http.host and .port, which have to be those it was started with).";
  }

  int print(Examination examination) throws JsonProcessingException {
    return print(json.writeValueAsString(examination.json(Words.of("en"))));
  }

  /** Prints an answer of {@code POST /api/doctor}; the command's exit code. */
  int print(String answer) throws JsonProcessingException {
    JsonNode told = json.readTree(answer);
    if (!told.has("checks")) {
      out.println(told.path("error").asText(answer));
      return 1;
    }
    if (asJson) {
      out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(told));
    } else {
      Map<Verdict, Integer> sums = new TreeMap<>();
      told.path("checks").forEach(check -> sums.merge(line(check), 1, Integer::sum));
      out.printf(
          "%d checks: %d fine, %d warned, %d failed, %d left out%n",
          told.path("checks").size(),
          sums.getOrDefault(Verdict.OK, 0),
          sums.getOrDefault(Verdict.WARNING, 0),
          sums.getOrDefault(Verdict.FAILED, 0),
          sums.getOrDefault(Verdict.SKIPPED, 0));
    }
    out.flush();
    return told.path("ok").asBoolean() ? 0 : 1;
  }

  private Verdict line(JsonNode check) {
    Verdict verdict = Verdict.SKIPPED;
    for (Verdict each : Verdict.values()) {
      verdict = each.word().equals(check.path("verdict").asText()) ? each : verdict;
    }
    out.printf(
        "%-4s  %-" + TITLE + "s  %s%n",
        verdict.mark(),
        check.path("title").asText(),
        check.path("text").asText());
    if (check.hasNonNull("action")) {
      out.println("      → " + check.path("action").asText());
    }
    return verdict;
  }

  /** Writes a bundle, and says where. */
  static void keep(Path workDir, String wanted, String own, byte[] bytes, PrintWriter err)
      throws IOException {
    Path file = workDir.resolve(wanted.isEmpty() ? own : wanted);
    Files.write(file, bytes);
    err.println("Bundle: " + file);
    err.flush();
  }
}
