// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The name of a table, or of a schema and a table with a dot between. Whatever stands in it, it is
 * a name and never SQL. Immutable.
 *
 * @param parts one or two names
 */
record TableName(List<String> parts) {

  /** PostgreSQL cuts a longer one without a word. */
  private static final int LONGEST = 63;

  /** Reads {@code table} or {@code schema.table}; throws an exception that says what it takes. */
  static TableName of(String text) {
    List<String> parts = Arrays.asList(text.split("\\.", -1));
    boolean fits =
        parts.size() <= 2
            && parts.stream()
                .allMatch(
                    part ->
                        !part.isBlank()
                            && part.indexOf('\0') < 0
                            && part.getBytes(StandardCharsets.UTF_8).length <= LONGEST);
    if (!fits) {
      throw new IllegalArgumentException(
          "a table or schema.table, each name of at most " + LONGEST + " bytes");
    }
    return new TableName(List.copyOf(parts));
  }

  /** The name as it stands in SQL. */
  String quoted() {
    return parts.stream()
        .map(part -> '"' + part.replace("\"", "\"\"") + '"')
        .collect(Collectors.joining("."));
  }
}
