// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the settings of High Mobility say together, beyond what each takes by itself. Whether the
 * files can be used is seen at each connect: putting others in their place needs no restart.
 *
 * @param settings with the defaults filled in
 * @param workDir where relative paths start
 * @param dataDir where tokens of BMW would be
 */
record HighMobilityCheck(Settings settings, Path workDir, Path dataDir) {

  /** Names the certificates. */
  static final String ACCOUNTS = "cardata.highmobility.accounts";

  private static final String OWN = "cardata.highmobility.";
  private static final List<String> FILES = List.of("client-cert-file", "client-key-file");

  /** Whether one certificate is in use. */
  boolean isOn() {
    return !settings.certificates().isEmpty();
  }

  /** Whether anything says that there is a BMW account. */
  boolean isBmwSet() {
    boolean hasClientId =
        settings.asMap().entrySet().stream()
            .filter(entry -> !entry.getValue().isBlank())
            .map(Map.Entry::getKey)
            .anyMatch(
                key ->
                    key.equals("cardata.client-id")
                        || key.matches("cardata\\.account\\.[a-z0-9-]+\\.client-id"));
    return hasClientId
        || Stream.of(
                dataDir.resolve("tokens.json"),
                dataDir.resolve("bmw_tokens.json"),
                workDir.resolve("bmw_tokens.json"))
            .anyMatch(Files::exists);
  }

  /** A sentence for each mistake. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    List<String> bmw = settings.bmwAccounts();
    Map<String, String> ids = new HashMap<>();
    Map<Path, String> files = new HashMap<>();
    for (String name : settings.certificates()) {
      Settings own = settings.forAccount(name);
      if (bmw.contains(name)) {
        problems.add(
            ACCOUNTS
                + ": '"
                + name
                + "' is in cardata.accounts too, where BMW accounts are named — give the"
                + " certificate another name");
      }
      if (isOn(own, "s3.enabled") && own.find(OWN + "s3.bucket").isEmpty()) {
        problems.add(missing(name, "s3.bucket", "the bucket that High Mobility writes to"));
      }
      if (isOn(own, "enabled")) {
        for (String key : FILES) {
          if (own.find(OWN + key).isEmpty()) {
            problems.add(missing(name, key, "the file that High Mobility handed out"));
          }
        }
        shared(name, own, ids, files).ifPresent(problems::add);
      }
    }
    return problems;
  }

  private static boolean isOn(Settings own, String flag) {
    return own.find(OWN + flag).filter("true"::equals).isPresent();
  }

  private String missing(String account, String key, String takes) {
    String asked =
        settings.certificates().size() == 1
            ? OWN + key
            : "cardata.account." + account + ".highmobility." + key;
    return asked + ": got nothing, takes " + takes + " — see docs/highmobility.md";
  }

  /** High Mobility closes the older of two connections with one client id. */
  private Optional<String> shared(
      String name, Settings own, Map<String, String> ids, Map<Path, String> files) {
    Optional<String> id = own.find(OWN + "client-id");
    String other =
        id.map(text -> ids.putIfAbsent(text, name))
            .orElseGet(
                () ->
                    own.find(OWN + "client-cert-file")
                        .flatMap(this::path)
                        .map(path -> files.putIfAbsent(path, name))
                        .orElse(null));
    return Optional.ofNullable(other)
        .map(
            first ->
                "cardata.account."
                    + name
                    + ".highmobility."
                    + (id.isPresent() ? "client-id" : "client-cert-file")
                    + ": is that of the account '"
                    + first
                    + "' too, and High Mobility allows one connection for each certificate — give"
                    + " each account a certificate of its own");
  }

  private Optional<Path> path(String text) {
    try {
      return Optional.of(workDir.resolve(text).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
