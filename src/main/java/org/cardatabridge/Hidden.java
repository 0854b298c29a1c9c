// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.auth.TokenSet;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.settings.LoadedSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what this bridge knows that names a person, a car or a house. For one bundle. */
final class Hidden {

  private static final Logger LOG = LoggerFactory.getLogger(Hidden.class);

  /** Settings whose words are no names, and stand in other places too. */
  private static final List<String> PUBLIC =
      List.of(
          ".include",
          ".exclude",
          ".scope",
          ".topics",
          ".highmobility.topic",
          ".descriptors",
          ".accounts");

  /** Where somebody may have written an application's id into a topic of High Mobility. */
  private static final int APP_LEVEL = 2;

  private final LoadedSettings loaded;
  private final Journal journal;
  private final List<AccountParts> accounts;
  private final List<CertificateParts> certificates;
  private final Map<String, String> labels = new LinkedHashMap<>();

  Hidden(
      LoadedSettings loaded,
      Journal journal,
      List<AccountParts> accounts,
      List<CertificateParts> certificates) {
    this.loaded = loaded;
    this.journal = journal;
    this.accounts = accounts;
    this.certificates = certificates;
  }

  /** Each value, and what stands in its place. */
  Map<String, String> labels() {
    vehicles();
    accounts();
    positions();
    machine();
    settings();
    clientIds();
    return labels;
  }

  private void hide(String value, String label) {
    if (value != null && !value.isBlank()) {
      labels.putIfAbsent(value, label);
    }
  }

  private void vehicles() {
    Set<String> vins = new TreeSet<>(loaded.vins());
    journal.newest().vehicles().stream().map(NewestValues.Vehicle::vin).forEach(vins::add);
    int number = 0;
    for (String vin : vins) {
      String label = "vehicle-" + ++number;
      hide(vin, label);
      hide(Vin.masked(vin), label);
      journal
          .newest()
          .vehicle(vin)
          .map(NewestValues.Vehicle::alias)
          .ifPresent(alias -> hide(alias, label));
      loaded
          .settings()
          .find("cardata.vehicle." + vin + ".alias")
          .ifPresent(alias -> hide(alias, label));
    }
  }

  private void accounts() {
    int number = 0;
    for (AccountParts account : accounts) {
      number++;
      if (!account.name().equals("main")) {
        hide(account.name(), "account-" + number);
      }
      account.tokens().current().ifPresent(this::tokens);
      LoginSnapshot login = account.login().snapshot();
      hide(login.userCode(), "[code]");
      hide(login.verificationUriComplete(), "[link]");
    }
    for (CertificateParts certificate : certificates) {
      number++;
      if (!certificate.name().equals("highmobility")) {
        hide(certificate.name(), "account-" + number);
      }
      certificate.ids().forEach(id -> hide(id, "[certificate]"));
      String[] levels = certificate.settings().get("cardata.highmobility.topic").split("/", -1);
      if (levels.length > APP_LEVEL && levels[APP_LEVEL].matches("[^+#{}]+")) {
        hide(levels[APP_LEVEL], "[certificate]");
      }
    }
  }

  private void tokens(TokenSet tokens) {
    hide(tokens.gcid(), "[gcid]");
    hide(tokens.clientId(), "[client-id]");
    for (String token :
        Stream.of(tokens.accessToken(), tokens.idToken(), tokens.refreshToken())
            .filter(t -> t != null)
            .toList()) {
      hide(token, "[token]");
    }
  }

  private void positions() {
    for (NewestValues.Vehicle vehicle : journal.newest().vehicles()) {
      for (CarEvent event : vehicle.values().values()) {
        if (event.value() instanceof Map<?, ?> pair) {
          coordinate(pair.get("latitude"));
          coordinate(pair.get("longitude"));
        } else if (event.key().endsWith("itude")) {
          coordinate(event.value());
        }
      }
    }
  }

  private void coordinate(Object degrees) {
    if (degrees != null) {
      hide(degrees.toString(), "[position]");
    }
  }

  private void machine() {
    hide(System.getProperty("user.home"), "[home]");
    hide(loaded.workDir().toString(), "[directory]");
    hide(loaded.dataDir().toString(), "[data-dir]");
    hide(System.getProperty("user.name"), "[user]");
    hide(System.getenv("HOSTNAME"), "[this-machine]");
    try {
      hide(InetAddress.getLocalHost().getHostName(), "[this-machine]");
    } catch (UnknownHostException e) {
      LOG.debug("This machine has no name", e);
    }
  }

  private void settings() {
    Map<String, String> harmless = loaded.harmless();
    loaded
        .settings()
        .asMap()
        .forEach(
            (key, value) -> {
              if (!harmless.containsKey(key) && PUBLIC.stream().noneMatch(key::endsWith)) {
                List<String> parts = new ArrayList<>(List.of(value.split(",")));
                parts.add(0, value);
                parts.forEach(part -> hide(part.strip(), "[" + shown(key) + "]"));
                host(value, "[host of " + shown(key) + "]");
              }
            });
  }

  /** A key can carry a VIN or the name of an account; those are hidden in it as anywhere. */
  private static String shown(String key) {
    return key.startsWith("cardata.vehicle.") ? "cardata.vehicle" : key;
  }

  private void host(String value, String label) {
    if (value.contains("://")) {
      try {
        String host = URI.create(value.strip()).getHost();
        if (host != null && !host.equals("localhost") && !host.equals("127.0.0.1")) {
          hide(host, label);
        }
      } catch (IllegalArgumentException e) {
        LOG.debug("A setting is no URL");
      }
    }
  }

  /** The ids that the bridge has made for itself at the local broker. */
  private void clientIds() {
    try (Stream<Path> files = Files.list(loaded.dataDir())) {
      for (Path file : files.filter(f -> f.toString().endsWith("-client-id")).toList()) {
        hide(Files.readString(file).strip(), "[mqtt-client-id]");
      }
    } catch (IOException e) {
      LOG.debug("Reading the client ids of the local broker", e);
    }
  }
}
