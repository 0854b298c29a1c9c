// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The id this bridge logs in with where none is set: made once and kept, so that a broker's list of
 * clients and its access rules know the bridge again, and different on each installation, so that
 * two bridges never throw each other out.
 */
final class ClientId {

  private static final Logger LOG = LoggerFactory.getLogger(ClientId.class);
  private static final String FORM = "cardata-bridge-[0-9a-f]{8}";

  private ClientId() {}

  /** The id in the file, which is written where it is missing or holds something else. */
  static String keptIn(Path file) {
    try {
      String kept = Files.readString(file).trim();
      if (kept.matches(FORM)) {
        return kept;
      }
    } catch (NoSuchFileException e) {
      LOG.debug("making a client id: none kept yet");
    } catch (IOException e) {
      LOG.warn("reading the MQTT client id: {} — check the file's rights", e.toString());
    }
    // 23 characters, the most that every MQTT 3.1.1 broker takes.
    String made = "cardata-bridge-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    try {
      Path dir = file.toAbsolutePath().getParent();
      Files.createDirectories(dir);
      Files.writeString(file, made + System.lineSeparator());
    } catch (IOException e) {
      LOG.warn(
          "keeping the MQTT client id: {} — it will be another one after a restart; make the data"
              + " directory writable or set the client id",
          e.toString());
    }
    return made;
  }
}
