// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedRouteTest {

  private static final ShippedRoute FLATTEN = ShippedRoute.of("flatten");

  @AfterEach
  void forget() {
    ShippedRoute.takeEdited();
  }

  static java.util.List<String> files() {
    return ShippedRoute.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void theShippedTextIsTheFilesOwnAndCountsAsNoEdit(String file) throws IOException {
    assertThat(ShippedRoute.of(file).yaml())
        .isEqualTo(Files.readString(Path.of("routes", file + ".camel.yaml")));
    assertThat(ShippedRoute.takeEdited()).isEmpty();
  }

  @Test
  void aStepIsTakenOutWithAllThatBelongsToIt() {
    String yaml = FLATTEN.without("expression: isForeign").yaml();

    assertThat(yaml)
        .isEqualTo(
            FLATTEN
                .yaml()
                .replace(
                    """
                            - filter:
                                expression:
                                  ref:
                                    expression: isForeign
                                steps:
                                  - stop: {}
                    """,
                    ""));
    assertThat(yaml).doesNotContain("isForeign").contains("method: choose", "method: decode");
    assertThat(ShippedRoute.takeEdited()).containsExactly("flatten");
  }

  @Test
  void aStepIsPutInAtTheDepthOfTheOther() {
    assertThat(FLATTEN.before("method: type", "- log:\n    message: x").yaml())
        .contains(
            "        - log:\n            message: x\n        - bean:\n            ref: catalogue\n");
    assertThat(FLATTEN.after("method: type", "- log:\n    message: x").yaml())
        .contains(
            "            method: type\n        - log:\n            message: x\n        - bean:\n");
  }

  @Test
  void onlyTheEditedRouteOfAFileIsNoted() {
    ShippedRoute.of("auth-login").without("method: pollForm").yaml();

    assertThat(ShippedRoute.takeEdited()).containsExactly("auth-login-poll");
  }

  @Test
  void aTextThatNamesNoStepOrSeveralIsRefused() {
    assertThatThrownBy(() -> FLATTEN.without("method: gone"))
        .hasMessage("'method: gone' stands on 0 lines of routes/flatten.camel.yaml");
    assertThatThrownBy(() -> FLATTEN.without("- bean:"))
        .hasMessage("'- bean:' stands on 5 lines of routes/flatten.camel.yaml");
  }
}
