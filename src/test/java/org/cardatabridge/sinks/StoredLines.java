// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads what the sinks for files and objects write. Holds nothing. */
final class StoredLines {

  private StoredLines() {}

  /** The lines of a gzipped file. */
  static Stream<String> of(byte[] gzipped) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole number that an event's JSON has as value, where it is of that descriptor. */
  static Stream<Long> value(String json, String key) {
    return json.contains("\"key\":\"" + key + "\"")
        ? Stream.of(Long.valueOf(json.replaceAll(".*\"value\":(\\d+),.*", "$1")))
        : Stream.empty();
  }
}
