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
 * @param pinned the keys that a place sets which is stronger than the page: the environment, {@code
 *     .env} or an override
 * @param workDir the directory that relative paths start from
 * @param places where else it was looked
 */
public record LoadedSettings(
    Settings settings,
    List<String> problems,
    List<String> warnings,
    Map<String, String> sources,
    Map<String, String> camelProperties,
    Set<String> pinned,
    Path workDir,
    Places places) {

  /** The name of the file in the data directory that the page writes. */
  static final String PAGE_FILE = "settings.properties";

  /**
   * The places that are no files.
   *
   * @param environment the environment's variables
   * @param overrides keys and texts that are stronger than every other place
   */
  record Places(Map<String, String> environment, Map<String, String> overrides) {

    /** Shows nothing: some are secrets. */
    @Override
    public String toString() {
      return "Places[" + environment.size() + ", " + overrides.size() + "]";
    }
  }

  /** Copies what could be changed from outside. */
  public LoadedSettings {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    sources = Map.copyOf(sources);
    camelProperties = Map.copyOf(camelProperties);
    pinned = Set.copyOf(pinned);
  }

  /** What every place, the files among them, says now. */
  public LoadedSettings again() {
    return SettingsLoader.load(workDir, places.environment(), places.overrides());
  }

  /** The same, were this the text of the file that the page writes. */
  LoadedSettings withPageFile(String text) {
    return SettingsLoader.load(workDir, places.environment(), places.overrides(), text);
  }

  /** The same with some keys set to other texts; {@link #again} knows nothing of those. */
  public LoadedSettings with(Map<String, String> others) {
    return new LoadedSettings(
        settings.with(others),
        problems,
        warnings,
        sources,
        camelProperties,
        pinned,
        workDir,
        places);
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

  /** The file in it that the page writes; the same name as in {@link #sources}. */
  Path pageFile() {
    return dataDir().resolve(PAGE_FILE);
  }

  /** How that file is called in {@link #sources} and in sentences. */
  String pageFileName() {
    return settings.get("cardata.data-dir") + "/" + PAGE_FILE;
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
