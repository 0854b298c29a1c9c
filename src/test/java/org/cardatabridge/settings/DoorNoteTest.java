// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorNoteTest {

  @TempDir Path directory;
  private LoadedSettings settings;

  @BeforeEach
  void load() throws Exception {
    settings = SettingsLoader.load(directory, Map.of("CARDATA_HTTP_PORT", "8099"), Map.of());
    Files.createDirectories(settings.dataDir());
  }

  private String running() {
    Settings running = DoorNote.toRunning(settings).settings();
    return running.get("cardata.http.host") + " " + running.get("cardata.http.port");
  }

  @Test
  void aCommandGoesWhereTheRunningBridgeSaysThatItAnswers() throws Exception {
    DoorNote note = new DoorNote(settings.dataDir());
    note.write("::1", 41234);
    assertThat(running()).isEqualTo("::1 41234");
    note.remove();
    assertThat(running()).isEqualTo("127.0.0.1 8099");
  }

  @Test
  void itMakesItsFolderWhereNobodyDidYet() throws Exception {
    new DoorNote(settings.dataDir().resolve("new")).write("127.0.0.1", 1234);
    assertThat(settings.dataDir().resolve("new/bridge.address")).hasContent("127.0.0.1 1234");
  }

  @Test
  void aNoteThatIsNoneIsLeftAside() throws Exception {
    for (String text : new String[] {"", "127.0.0.1", "a b 80", "h 123456", "\u0000\u0000"}) {
      Files.writeString(settings.dataDir().resolve("bridge.address"), text);
      assertThat(running()).as(text).isEqualTo("127.0.0.1 8099");
    }
  }
}
