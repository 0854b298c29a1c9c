// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A bridge in a test has a login, and the REST side's address is BMW's own unless told otherwise.
 */
class NoRealBmwTest {

  private static final Pattern STARTS_A_BRIDGE_WITH_A_STREAM =
      Pattern.compile(
          "(stream\\.port\"|CARDATA_STREAM_PORT\")\\s*,|(bmw|simulator)\\.environment\\(\\)(\\.forEach|\\))");

  private static final Pattern SAYS_WHERE_REST_GOES =
      Pattern.compile("api\\.plan\"|CARDATA_API_PLAN|api\\.url\"|CARDATA_API_URL");

  @Test
  void whoeverStartsABridgeSaysWhetherItCallsTheRestSide() throws IOException {
    List<Path> starting = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        boolean isOfSettings = file.toString().contains("Settings");
        if (!isOfSettings && STARTS_A_BRIDGE_WITH_A_STREAM.matcher(text).find()) {
          starting.add(file);
          assertThat(SAYS_WHERE_REST_GOES.matcher(text).find())
              .as("%s: set cardata.api.plan to false, or cardata.api.url", file)
              .isTrue();
        }
      }
    }
    assertThat(starting).hasSizeGreaterThan(5);
  }
}
