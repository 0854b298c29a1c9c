// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pictures of the page in README and docs. */
class PicturesTest {

  private static final long MOST_BYTES = 150_000;

  @Test
  void theyShowThePageAsItIs() throws IOException {
    assertThat(PageSources.NOTE)
        .as(
            "the pictures in docs/images show another page than this one — take them again:"
                + " ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dit.test=ScreenshotsIT -Dcardata.screenshots=write")
        .hasContent(PageSources.digest());
  }

  @Test
  void eachIsSmallAndShownToSomebody() throws IOException {
    String docs = docs();
    try (Stream<Path> files = Files.list(PageSources.IMAGES)) {
      List<Path> pictures = files.filter(f -> f.toString().endsWith(".png")).toList();
      assertThat(pictures).hasSizeGreaterThan(5);
      for (Path picture : pictures) {
        assertThat(Files.size(picture)).as("bytes of %s", picture).isLessThan(MOST_BYTES);
        assertThat(docs).contains("images/" + picture.getFileName());
      }
    }
  }

  @Test
  void noneThatIsShownIsMissing() throws IOException {
    List<String> shown =
        Pattern.compile("images/([\\w-]+\\.png)")
            .matcher(docs())
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(shown)
        .hasSizeGreaterThan(5)
        .allMatch(name -> Files.exists(PageSources.IMAGES.resolve(name)));
  }

  private static String docs() throws IOException {
    try (Stream<Path> files =
        Stream.concat(Stream.of(Path.of("README.md")), Files.walk(Path.of("docs")))) {
      List<Path> texts = files.filter(f -> f.toString().endsWith(".md")).toList();
      return texts.stream().map(PicturesTest::read).collect(Collectors.joining());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("Reading " + file, e);
    }
  }
}
