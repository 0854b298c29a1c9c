// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code bridge.address} in the data directory: where the bridge that claimed the
 * directory answers, as {@code 127.0.0.1 8080}. Commands find it there although they were started
 * with other settings, instead of another bridge that happens to listen where theirs would. Safe
 * for use by many threads.
 */
public final class DoorNote {

  private static final String NAME = "bridge.address";
  private static final Pattern ADDRESS = Pattern.compile("(\\S{1,253}) (\\d{1,5})");

  private final Path file;

  /** The note of the bridge that uses this data directory. */
  public DoorNote(Path dataDir) {
    this.file = dataDir.resolve(NAME);
  }

  /**
   * Says where the bridge answers.
   *
   * @param host as in {@code cardata.http.host}
   * @param port the one it really listens on
   * @throws IOException where it cannot be written; commands then go by their own settings
   */
  public void write(String host, int port) throws IOException {
    // In a new folder the journal may not have made its place yet.
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, host + " " + port + "\n");
  }

  /** Takes the note away, where there is one. */
  public void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * Settings whose {@code cardata.http.host} and {@code .port} are the running bridge's; the same
   * ones where no note can be read.
   */
  public static LoadedSettings toRunning(LoadedSettings settings) {
    return new DoorNote(settings.dataDir())
        .read()
        .map(
            address ->
                settings.with(
                    Map.of(
                        "cardata.http.host", address.group(1),
                        "cardata.http.port", address.group(2))))
        .orElse(settings);
  }

  private Optional<Matcher> read() {
    try {
      Matcher address = ADDRESS.matcher(Files.readString(file).strip());
      return address.matches() ? Optional.of(address) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
