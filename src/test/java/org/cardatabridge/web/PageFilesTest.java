// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class PageFilesTest {

  private static final Path FOLDER = Path.of("src/main/resources/org/cardatabridge/web/page");
  private static final int MOST_BYTES = 100_000;

  private final PageFiles page = new PageFiles();
  private final DefaultExchange request = new DefaultExchange(new DefaultCamelContext());

  private TaggedAnswer asset(String name) {
    request.getMessage().setHeader("file", name);
    return page.asset(request);
  }

  private static Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      files.forEach(file -> texts.put(file.getFileName().toString(), text(file)));
    }
    return texts;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TreeSet<String> found(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    TreeSet<String> found = new TreeSet<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void everyFileOfThePageIsHandedOutAndNothingElse() throws Exception {
    TreeSet<String> names = new TreeSet<>(texts().keySet());
    names.remove("index.html");
    assertThat(PageFiles.ASSETS).containsExactlyElementsOf(names);
    for (String name : names) {
      assertThat(asset(name).code()).as(name).isEqualTo(200);
      assertThat(asset(name).type()).as(name).isNotNull();
      assertThat(asset(name).bytes())
          .as(name)
          .isEqualTo(texts().get(name).getBytes(StandardCharsets.UTF_8));
    }
    for (String name : List.of("index.html", "../Guard.class", "/etc/passwd", "", "app.js/")) {
      assertThat(asset(name).code()).as(name).isEqualTo(404);
    }
    request.getMessage().removeHeader("file");
    assertThat(page.asset(request).code()).isEqualTo(404);
  }

  @Test
  void whoeverHasAFileGetsItNotAgain() {
    TaggedAnswer first = page.page(request);
    request.getMessage().setHeader("If-None-Match", first.tag());
    TaggedAnswer again = page.page(request);
    assertThat(again.code()).isEqualTo(304);
    assertThat(again.bytes()).isEmpty();
    assertThat(asset("app.js").code()).isEqualTo(200);
  }

  @Test
  void allFilesTogetherAreSmallOnTheirWayToABrowser() {
    request.getMessage().setHeader("Accept-Encoding", "gzip, deflate, br");
    int bytes = page.page(request).bytes().length;
    for (String name : PageFiles.ASSETS) {
      bytes += asset(name).bytes().length;
    }
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  @Test
  void whatIsPackedIsTheSameFileWithATagOfItsOwn() throws Exception {
    byte[] plain = asset("app.js").bytes();
    String tag = asset("app.js").tag();
    for (String takes : List.of("gzip", "br, gzip;q=0.8", "deflate,gzip")) {
      request.getMessage().setHeader("Accept-Encoding", takes);
      TaggedAnswer packed = asset("app.js");
      assertThat(packed.encoding()).as(takes).isEqualTo("gzip");
      assertThat(packed.tag()).isNotEqualTo(tag);
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.bytes()))) {
        assertThat(in.readAllBytes()).isEqualTo(plain);
      }
    }
    for (String takes : List.of("", "br", "gzip;q=0", "gzip; q=0.0, br")) {
      request.getMessage().setHeader("Accept-Encoding", takes);
      assertThat(asset("app.js").encoding()).as(takes).isNull();
    }
  }

  @Test
  void itMakesTextOfEverythingAndNeverMarkup() throws Exception {
    texts()
        .forEach(
            (name, text) ->
                assertThat(text)
                    .as(name)
                    .doesNotContain("innerHTML")
                    .doesNotContain("outerHTML")
                    .doesNotContain("insertAdjacentHTML")
                    .doesNotContain("document.write")
                    .doesNotContain("DOMParser")
                    .doesNotContain("createContextualFragment")
                    .doesNotContain("eval(")
                    .doesNotContain("new Function")
                    .doesNotContain("javascript:"));
  }

  @Test
  void itLoadsNothingFromAnywhereElse() throws Exception {
    texts()
        .forEach(
            (name, text) -> {
              assertThat(text).as(name).doesNotContain("@import").doesNotContain("url(");
              assertThat(found("(?:src|href)=[\"']([^\"'#]+)", text)).as(name).allMatch(this::own);
              assertThat(found("(?:from|import) ['\"]([^'\"]+)", text))
                  .as(name)
                  .allMatch(n -> n.startsWith("./") && PageFiles.ASSETS.contains(n.substring(2)));
            });
  }

  private boolean own(String address) {
    return address.equals("api/status")
        || address.startsWith("assets/")
            && PageFiles.ASSETS.contains(address.substring("assets/".length()));
  }

  @Test
  void nothingIsInlineThatItsPolicyWouldForbid() throws Exception {
    assertThat(page.policy())
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    String html = texts().get("index.html");
    assertThat(html).doesNotContainPattern("\\son[a-z]+=").doesNotContain("style=");
    assertThat(html).doesNotContain("<style").doesNotContainPattern("<script(?![^>]*src=)");
    assertThat(String.join("\n", texts().values()))
        .doesNotContainPattern("setAttribute\\(['\"]style");
  }

  @Test
  void theTextForTheConsoleIsTheSameInTheDocs() throws Exception {
    assertThat(Files.readString(Path.of("docs/portal.md")))
        .contains("```js\n" + texts().get("tick-descriptors.js") + "```");
  }

  @Test
  void everyViewHasTheSameWordsInBothLanguages() throws Exception {
    for (Map.Entry<String, String> file : texts().entrySet()) {
      int english = file.getValue().indexOf("\n  en: {");
      int german = file.getValue().indexOf("\n  de: {");
      if (english > 0 && german > english) {
        String keys = "(?m)(?:^\\s{4}|, |\\{ )('[\\w.-]+'|[\\w-]+): ['`(]";
        int end = file.getValue().indexOf("\n};", german);
        assertThat(found(keys, file.getValue().substring(german, end)))
            .as(file.getKey())
            .isEqualTo(found(keys, file.getValue().substring(english, german)));
      }
    }
  }
}
