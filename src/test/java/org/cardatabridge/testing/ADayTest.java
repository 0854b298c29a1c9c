// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ADayTest {

  @Test
  void theRecordingIsWhatTheDayIs() throws Exception {
    List<String> lines = ADay.lines();
    if (Boolean.getBoolean("write.a-day")) {
      Files.createDirectories(ADay.FILE.getParent());
      Files.writeString(ADay.FILE, String.join("\n", lines) + "\n");
    }
    assertThat(ADay.recorded()).as("the file; -Dwrite.a-day=true writes it anew").isEqualTo(lines);
    assertThat(lines).hasSizeBetween(250, 400);
  }
}
