// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Programs;
import org.openqa.selenium.Capabilities;
import org.openqa.selenium.ImmutableCapabilities;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.remote.CommandInfo;
import org.openqa.selenium.remote.HttpCommandExecutor;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.remote.http.ClientConfig;
import org.openqa.selenium.remote.http.HttpMethod;

/**
 * The machine's own Chromium without a window, with an empty profile and no names but this
 * machine's. Needs the programs {@code chromium} and {@code chromedriver}. Closing it ends all of
 * its processes. Used on one thread.
 */
final class Chromium extends RemoteWebDriver implements AutoCloseable {

  private static final Pattern STARTED = Pattern.compile("successfully on port (\\d+)");
  private static final Duration START = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Child driver;

  @SuppressWarnings("removal") // no other way takes a command of our own
  private Chromium(Child driver, URL address, Capabilities wanted) {
    super(
        new HttpCommandExecutor(
            Map.of("cdp", new CommandInfo("/session/:sessionId/goog/cdp/execute", HttpMethod.POST)),
            ClientConfig.defaultConfig().baseUrl(address),
            HttpCommandExecutor.getDefaultClientFactory()),
        wanted);
    this.driver = driver;
  }

  /** Starts one whose files are all in that directory. */
  static Chromium start(Path directory) throws IOException {
    Path browser = Programs.need("chromium", "chromium-browser", "google-chrome");
    Path program = Programs.need("chromedriver");
    Files.createDirectories(directory);
    Child driver =
        Child.start(
            directory,
            Map.of(
                "HOME", directory.toString(),
                "XDG_CONFIG_HOME", directory.toString(),
                "XDG_CACHE_HOME", directory.toString()),
            List.of(program.toString(), "--port=0"));
    try {
      driver.awaitOut("started successfully", START);
      Matcher port = STARTED.matcher(driver.out());
      if (!port.find()) {
        throw new IllegalStateException("chromedriver names no port: " + driver.out());
      }
      URL address = URI.create("http://127.0.0.1:" + port.group(1)).toURL();
      return new Chromium(driver, address, wanted(browser, directory));
    } catch (IOException | RuntimeException | Error e) {
      driver.close();
      throw e;
    }
  }

  private static Capabilities wanted(Path browser, Path directory) {
    List<String> arguments =
        List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + directory.resolve("profile"),
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
            "--no-proxy-server",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-domain-reliability",
            "--disable-extensions",
            "--disable-sync",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--font-render-hinting=none");
    return new ImmutableCapabilities(
        Map.of(
            "browserName", "chrome",
            "goog:chromeOptions", Map.of("binary", browser.toString(), "args", arguments),
            "goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL", LogType.PERFORMANCE, "ALL")));
  }

  /** A command of the DevTools protocol; gives its answer. */
  Object devTools(String command, Map<String, ?> parameters) {
    return execute("cdp", Map.of("cmd", command, "params", parameters)).getValue();
  }

  /** What the console has complained of since the last call. */
  List<String> complaints() {
    return manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses that pages have asked for since the last call, whoever was to answer. */
  List<String> requests() {
    return StreamSupport.stream(manage().logs().get(LogType.PERFORMANCE).spliterator(), false)
        .map(entry -> read(entry.getMessage()).path("message"))
        .flatMap(
            message ->
                switch (message.path("method").asText()) {
                  case "Network.requestWillBeSent" ->
                      List.of(message.at("/params/request/url").asText()).stream();
                  case "Network.webSocketCreated" ->
                      List.of(message.at("/params/url").asText()).stream();
                  default -> List.<String>of().stream();
                })
        .filter(address -> address.matches("(https?|wss?|ftp):.*"))
        .toList();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      quit();
    } finally {
      driver.close();
    }
  }
}
