// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * How to log in at Kafka: our own settings, and a file as Kafka's own tools take it. Knows no class
 * of Kafka. Immutable; holds secrets.
 */
public final class KafkaSettings {

  private static final String PREFIX = "cardata.sink.kafka.";
  private static final Pattern BROKER = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:/\\s]+):\\d{1,5}");
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  private final Properties properties = new Properties();

  /**
   * Reads them.
   *
   * @param workDir the directory that relative paths start from
   * @throws BadSettingException for one that is missing or cannot be used
   */
  KafkaSettings(Settings settings, Path workDir) {
    if (settings.list(PREFIX + "brokers").isEmpty()) {
      throw new BadSettingException(
          PREFIX + "brokers: got nothing, takes host:port, several with commas between");
    }
    for (String broker : settings.list(PREFIX + "brokers")) {
      if (!BROKER.matcher(broker).matches()) {
        throw new BadSettingException(PREFIX + "brokers", broker, "host:port");
      }
    }
    String topic = settings.get(PREFIX + "topic");
    if (!TOPIC.matcher(topic).matches()) {
      throw new BadSettingException(
          PREFIX + "topic", topic, "up to 249 of A-Z, a-z, 0-9, '.', '_' and '-'");
    }
    settings.find(PREFIX + "config-file").ifPresent(file -> read(workDir.resolve(file)));
    settings
        .find(PREFIX + "security-protocol")
        .ifPresent(protocol -> properties.setProperty("security.protocol", protocol));
    settings.find(PREFIX + "ca-file").map(workDir::resolve).ifPresent(this::trust);
    settings.find(PREFIX + "username").ifPresent(user -> login(settings, user));
    String protocol = properties.getProperty("security.protocol", "PLAINTEXT");
    if (settings.find(PREFIX + "username").isPresent() && !protocol.startsWith("SASL_")) {
      throw new BadSettingException(
          PREFIX + "security-protocol", protocol, "SASL_SSL or SASL_PLAINTEXT with a user name");
    }
  }

  /**
   * Sees whether the settings can be used.
   *
   * @param workDir the directory that relative paths start from
   * @throws BadSettingException for one that cannot
   */
  public static void check(Settings settings, Path workDir) {
    new KafkaSettings(settings, workDir).properties();
  }

  private void read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadSettingException(
          PREFIX + "config-file: cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void trust(Path file) {
    properties.setProperty("ssl.truststore.type", "PEM");
    properties.setProperty("ssl.truststore.location", file.toString());
  }

  private void login(Settings settings, String user) {
    Optional<String> password = settings.find(PREFIX + "password");
    if (password.isEmpty()) {
      throw new BadSettingException(PREFIX + "password: got nothing, goes with the user name");
    }
    String mechanism = settings.find(PREFIX + "sasl-mechanism").orElse("PLAIN");
    String module =
        mechanism.toUpperCase(Locale.ROOT).startsWith("SCRAM")
            ? "org.apache.kafka.common.security.scram.ScramLoginModule"
            : "org.apache.kafka.common.security.plain.PlainLoginModule";
    properties.setProperty("sasl.mechanism", mechanism);
    properties.setProperty(
        "sasl.jaas.config",
        module
            + " required username=\""
            + escaped(user)
            + "\" password=\""
            + escaped(password.get())
            + "\";");
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** For Kafka's client. */
  Properties properties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  /** Says nothing: some are secrets. */
  @Override
  public String toString() {
    return "KafkaSettings";
  }
}
