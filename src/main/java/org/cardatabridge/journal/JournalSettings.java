// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.cardatabridge.settings.Settings;

/**
 * Where and how the journal keeps messages. Immutable, but for the pragmas of a test.
 *
 * @param file the SQLite file
 * @param syncFull whether an acknowledged message survives a power cut, not just a killed process
 * @param keep how long messages are kept
 * @param maxBytes how much room they may take before the oldest go
 * @param pragmas further ones for the writing connection, asked for each time it is opened; empty
 *     but in tests
 */
public record JournalSettings(
    Path file, boolean syncFull, Duration keep, long maxBytes, List<String> pragmas) {

  /** Refuses a missing part by its name. */
  public JournalSettings {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(keep, "keep");
    Objects.requireNonNull(pragmas, "pragmas");
  }

  /** {@code journal.db} in this directory, kept as {@code cardata.journal.*} say. */
  public static JournalSettings of(Path dataDir, Settings settings) {
    return new JournalSettings(
        dataDir.resolve("journal.db"),
        settings.get("cardata.journal.sync").equals("full"),
        settings.duration("cardata.journal.keep"),
        settings.size("cardata.journal.max-size"),
        List.of());
  }

  /** The defaults of all settings, for this directory. */
  public static JournalSettings in(Path dataDir) {
    return of(dataDir, Settings.defaults());
  }
}
