// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import org.cardatabridge.settings.BadSettingException;

/** Prints the answer to an action. For one thread. */
final class ApiText {

  private static final int WRONG = 400;

  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintWriter out;
  private final PrintWriter err;

  ApiText(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Prints it, and says how the command ends.
   *
   * @param code the status as HTTP has it
   * @param answer with {@code status}, {@code data} and {@code error}
   * @param whole whether to print it as it came
   * @throws BadSettingException where the request is wrong
   */
  int print(int code, JsonNode answer, boolean whole) throws JsonProcessingException {
    boolean isOk = answer.path("status").asText().equals("ok");
    if (code == WRONG && !whole) {
      throw new BadSettingException(answer.path("error").asText());
    }
    JsonNode data = answer.path("data");
    if (whole) {
      out.println(mapper.writeValueAsString(answer));
    } else if (!data.isMissingNode() && !data.isEmpty()) {
      out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(data));
    } else if (isOk) {
      out.println("Done.");
    }
    if (!isOk && !whole) {
      err.println(answer.path("error").asText());
    }
    out.flush();
    err.flush();
    return isOk ? 0 : code == WRONG ? 2 : 1;
  }
}
