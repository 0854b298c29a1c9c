// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotEnvTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A=b | b",
        "  A = b  | b",
        "export A=b | b",
        "A=b # comment | b",
        "A=b#c | b#c",
        "A=\"b # c\" # comment | b # c",
        "A='b \"c\"' | b \"c\"",
        "A=\"b \\\"c\\\" \\\\ \\$d\" | b \"c\" \\ $d",
        "A=\"b | \"b",
        "A=b=c | b=c",
        "A=# comment | ``",
        "A= | ``",
      })
  void aLineIsReadAsComposeAndPythonDo(String line, String value) {
    assertThat(DotEnv.parse(line)).isEqualTo(Map.of("A", value));
  }

  @Test
  void commentsBlankLinesAndNonsenseArePassedOver() {
    assertThat(DotEnv.parse("# A=1\r\n\r\nnonsense\r\n1A=2\r\nB=3\r\n"))
        .isEqualTo(Map.of("B", "3"));
  }
}
