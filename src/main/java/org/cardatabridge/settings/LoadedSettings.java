// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the loader found. Immutable.
 *
 * @param settings the settings with defaults filled in; not to be used while there are problems
 * @param problems a sentence for each thing that ends the start; none holds a secret
 * @param warnings a sentence for each thing that a user should know; none holds a secret
 * @param sources for each key that is set or has a default, where its text came from
 * @param camelProperties every key of the property files that is not ours, for Camel
 * @param workDir the directory that relative paths start from
 */
public record LoadedSettings(
    Settings settings,
    List<String> problems,
    List<String> warnings,
    Map<String, String> sources,
    Map<String, String> camelProperties,
    Path workDir) {

  /** Copies what could be changed from outside. */
  public LoadedSettings {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    sources = Map.copyOf(sources);
    camelProperties = Map.copyOf(camelProperties);
  }

  /**
   * The settings, where nothing is wrong with them.
   *
   * @throws BadSettingException with one problem a line
   */
  public Settings orThrow() {
    if (!problems.isEmpty()) {
      throw new BadSettingException(String.join(System.lineSeparator(), problems));
    }
    return settings;
  }

  /** The data directory, made absolute from the working directory. */
  public Path dataDir() {
    return workDir.resolve(settings.get("cardata.data-dir")).toAbsolutePath().normalize();
  }

  /**
   * The values that must not be seen in a log. User names of brokers and databases are not among
   * them: they are often ordinary words.
   */
  public List<String> secrets() {
    return settings.asMap().entrySet().stream()
        .filter(entry -> SettingCatalogue.isSecret(entry.getKey()))
        .filter(entry -> !isBuiltIn(entry.getKey(), entry.getValue()))
        .filter(
            entry ->
                !entry.getKey().endsWith(".username")
                    || entry.getKey().endsWith(".stream.username"))
        .filter(entry -> !entry.getKey().endsWith("vins"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The settings whose value names nobody and nothing: numbers, spans of time, defaults. */
  public Map<String, String> harmless() {
    Map<String, String> harmless = new TreeMap<>();
    settings
        .asMap()
        .forEach(
            (key, value) -> {
              if (SettingCatalogue.isHarmless(key, value)) {
                harmless.put(key, value);
              }
            });
    return harmless;
  }

  private static boolean isBuiltIn(String key, String value) {
    return SettingCatalogue.find(key)
        .flatMap(SettingDefinition::builtIn)
        .filter(value::equals)
        .isPresent();
  }

  /** Every VIN that the settings name. */
  public Set<String> vins() {
    Set<String> vins = new TreeSet<>();
    settings
        .asMap()
        .forEach(
            (key, value) -> {
              if (key.endsWith(".vins")) {
                vins.addAll(Settings.split(value));
              } else if (key.startsWith("cardata.vehicle.") && key.endsWith(".alias")) {
                vins.add(
                    key.substring("cardata.vehicle.".length(), key.length() - ".alias".length()));
              }
            });
    return vins;
  }

  /** Says how many there are, never what: some are secrets. */
  @Override
  public String toString() {
    return "LoadedSettings[" + settings + ", " + problems.size() + " problems]";
  }
}
