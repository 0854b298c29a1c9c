// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that the page writes. */
class PageFileTest {

  @TempDir Path directory;

  private static Map<String, String> change(String key, String value) {
    Map<String, String> change = new LinkedHashMap<>();
    change.put(key, value);
    return change;
  }

  private static Properties read(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    return properties;
  }

  @Test
  void commentsAndLinesOfOtherKeysStayAsTheyAre() {
    String text =
        """
        # mine \\
        cardata.units = metric
        ! older
        my.long=one, \\
            two
        cardata.vins:A
        cardata.units=as-sent
        odd=\\u12
        """;
    Map<String, String> changes = change("cardata.units", "metric");
    changes.put("cardata.vins", null);
    changes.put("cardata.client-id", "c-1");

    assertThat(PageFile.changed(text, changes))
        .isEqualTo(
            """
            # mine \\
            cardata.units=metric
            ! older
            my.long=one, \\
                two
            odd=\\u12
            cardata.client-id=c-1
            """);
  }

  @Test
  void aNewFileSaysWhatItIs() {
    assertThat(PageFile.changed("", change("cardata.units", "metric")))
        .startsWith("# Written by the bridge's page")
        .endsWith("\ncardata.units=metric\n");
    assertThat(PageFile.changed("a=1", change("b", "2"))).isEqualTo("a=1\nb=2\n");
  }

  @Property(tries = 500)
  void whateverIsWrittenIsReadAgain(
      @ForAll
          @StringLength(min = 1, max = 20)
          @CharRange(from = '!', to = '~')
          @CharRange(from = 'ä', to = 'ö')
          String key,
      @ForAll @StringLength(min = 1, max = 30) @CharRange(from = ' ', to = 'ÿ') String value)
      throws IOException {
    String text = PageFile.changed("other = 1\n", change(key, value.strip() + "x"));
    Map<String, String> expected = new HashMap<>(Map.of("other", "1"));
    expected.put(key, value.strip() + "x");
    assertThat(read(text)).isEqualTo(expected);

    String again = PageFile.changed(text, change(key, null));
    assertThat(read(again)).isEqualTo(key.equals("other") ? Map.of() : Map.of("other", "1"));
  }

  @Test
  void itIsReadableByItsOwnerOnlyAndNothingIsLeftBeside() throws IOException {
    PageFile file = new PageFile(directory.resolve("data/settings.properties"));
    assertThat(file.text()).isEmpty();
    file.write("cardata.units=ä\n");
    file.write("cardata.units=metric\n");
    assertThat(file.text()).isEqualTo("cardata.units=metric\n");
    assertThat(Files.getPosixFilePermissions(directory.resolve("data/settings.properties")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(directory.resolve("data")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
    PageFile file = new PageFile(directory.resolve("settings.properties"));
    file.write("a=1\n");
    Files.createDirectories(directory.resolve("settings.properties.new/in the way"));
    assertThatThrownBy(() -> file.write("a=2\n")).isInstanceOf(IOException.class);
    assertThat(file.text()).isEqualTo("a=1\n");
  }

  @Test
  void aFullDiskLeavesTheOldFileAndTheNewOneIsWrittenOnceThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()),
        "a small tmpfs cannot be mounted, which needs root");
    try {
      PageFile file = new PageFile(disk.resolve("settings.properties"));
      file.write("a=1\n");
      assertThatThrownBy(() -> Files.write(disk.resolve("ballast"), new byte[128 * 1024]))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.write("a=2\n" + "#".repeat(8_000)))
          .isInstanceOf(IOException.class);
      assertThat(file.text()).isEqualTo("a=1\n");
      Files.delete(disk.resolve("ballast"));
      file.write("a=2\n");
      assertThat(file.text()).isEqualTo("a=2\n");
      assertThat(disk).isDirectoryNotContaining("glob:**.new");
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
