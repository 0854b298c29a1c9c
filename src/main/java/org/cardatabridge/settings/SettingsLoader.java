// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gathers the settings from every place they may stand, from the strongest to the weakest:
 * overrides, environment, {@code .env}, {@code settings.properties} in the data directory, {@code
 * config/application.properties}, {@code application.properties}, {@code vehicle.json}, built-in
 * default. A blank text counts as absent. Never throws on a user's mistake: it is a sentence in
 * {@link LoadedSettings#problems()}.
 */
public final class SettingsLoader {

  private static final String DATA_DIR = "cardata.data-dir";
  private static final String ACCOUNTS = "cardata.accounts";
  private static final String MQTT = "cardata.sink.mqtt.";
  private static final String RAW = "cardata.sink.mqtt-raw.";
  private static final String FROM_FILE = "_FILE";
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{(env:[A-Za-z_][A-Za-z0-9_]*|cardata\\.[^{}:]+)(?::([^{}]*))?}}");
  private static final int DEEPEST_PLACEHOLDER = 10;
  private static final Map<String, Map<String, String>> LAYOUTS =
      Map.of(
          "bausi2k", Map.of("base-topic", "home/bmw/live", "qos", "0", "retain", "true"),
          "dj0abr", Map.of("base-topic", "bmw/", "qos", "0", "retain", "false"));

  private final Path workDir;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Found> found = new TreeMap<>();
  private final Map<String, String> camel = new TreeMap<>();
  private final String pageText;

  private SettingsLoader(Path workDir, Map<String, String> environment, String pageText) {
    this.workDir = workDir;
    this.environment = environment;
    this.pageText = pageText;
  }

  /** A key's text, the place it came from, and whether a mistake in that place only warns. */
  private record Found(String value, String source, boolean lenient) {}

  /** The texts of one property file or of the overrides. */
  private record Place(String name, Map<String, String> texts) {}

  /**
   * Loads the settings.
   *
   * @param workDir the working directory, from which relative paths start
   * @param env the environment's variables
   * @param overrides keys and texts that are stronger than every other place
   */
  public static LoadedSettings load(
      Path workDir, Map<String, String> env, Map<String, String> overrides) {
    return load(workDir, env, overrides, null);
  }

  /**
   * The same with a text in place of the file that the page writes.
   *
   * @param pageText null for what the file says
   */
  static LoadedSettings load(
      Path workDir, Map<String, String> env, Map<String, String> overrides, String pageText) {
    return new SettingsLoader(workDir, env, pageText).load(overrides);
  }

  private LoadedSettings load(Map<String, String> overrides) {
    Map<String, String> dotEnv =
        read(workDir.resolve(".env"), ".env").map(DotEnv::parse).orElse(Map.of());
    Place root = properties(workDir.resolve("application.properties"), "application.properties");
    Place config =
        properties(
            workDir.resolve("config/application.properties"), "config/application.properties");
    Place forced = new Place("override", overrides);

    List<Place> beforeThePage = List.of(forced, config, root);
    String dataDir =
        strongest(DATA_DIR, dotEnv, beforeThePage)
            .map(text -> filledIn(text, name -> strongest(name, dotEnv, beforeThePage)))
            .filter(SettingType::isPath)
            .orElse("data");
    Path pageFile = workDir.resolve(dataDir).resolve(LoadedSettings.PAGE_FILE);
    String pageName = dataDir + "/" + LoadedSettings.PAGE_FILE;
    Place page = pageText == null ? properties(pageFile, pageName) : properties(pageText, pageName);
    if (page.texts().containsKey(DATA_DIR)) {
      problems.add(
          DATA_DIR
              + ": set in "
              + page.name()
              + ", where it comes too late — set it in application.properties or as "
              + EnvironmentNames.of(DATA_DIR));
    }
    List<Place> files = List.of(page, config, root);
    Set<String> keys = new HashSet<>();
    files.forEach(place -> keys.addAll(place.texts().keySet()));
    List<Place> every = prepend(forced, files);
    List<String> accounts = new ArrayList<>();
    for (String key : List.of(ACCOUNTS, HighMobilityCheck.ACCOUNTS)) {
      strongest(key, dotEnv, every)
          .map(text -> filledIn(text, name -> strongest(name, dotEnv, every)))
          .or(() -> SettingCatalogue.find(key).flatMap(SettingDefinition::builtIn))
          .map(Settings::split)
          .ifPresent(accounts::addAll);
    }
    EnvironmentNames names = new EnvironmentNames(accounts, keys);

    putVehicleJson();
    putAll(root);
    putAll(config);
    putAll(page);
    Map<String, Found> weaker = new HashMap<>(found);
    putVariables(".env", dotEnv, Map.of(), names);
    putVariables("environment", environment, dotEnv, names);
    putAll(forced);
    Set<String> pinned = new HashSet<>();
    found.forEach(
        (key, entry) -> {
          // What a stronger place says is another object, even where it says the same.
          if (entry != weaker.get(key)) {
            pinned.add(key);
          }
        });

    found.replaceAll(this::resolved);
    found.replaceAll(this::checked);
    checkHighMobility(workDir.resolve(dataDir));
    checkAccounts();
    checkAliases();
    checkClientCertificate();
    checkSinkFiles();
    boolean theirs =
        OlderBridges.askForTheirLayout(environment) || OlderBridges.askForTheirLayout(dotEnv);
    fillIn(theirs);

    Map<String, String> values = new HashMap<>();
    Map<String, String> sources = new HashMap<>();
    found.forEach(
        (key, entry) -> {
          values.put(key, entry.value());
          sources.put(key, entry.source());
        });
    return new LoadedSettings(
        Settings.of(values),
        problems,
        warnings,
        sources,
        camel,
        pinned,
        workDir,
        new LoadedSettings.Places(environment, overrides));
  }

  /** A text without zero-width spaces, which copying from the portal brings, and outer blanks. */
  static String clean(String text) {
    return text.replace("\u200B", "").replace("\uFEFF", "").strip();
  }

  private static List<Place> prepend(Place first, List<Place> others) {
    return Stream.concat(Stream.of(first), others.stream()).toList();
  }

  // For the two keys that decide how the others are read. The first place holds the overrides.
  private Optional<String> strongest(String key, Map<String, String> dotEnv, List<Place> places) {
    String variable = EnvironmentNames.of(key);
    return Stream.concat(
            Stream.of(
                Optional.ofNullable(places.get(0).texts().get(key)),
                Optional.ofNullable(environment.get(variable)),
                Optional.ofNullable(dotEnv.get(variable))),
            places.stream().skip(1).map(place -> Optional.ofNullable(place.texts().get(key))))
        .flatMap(Optional::stream)
        .map(SettingsLoader::clean)
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  private Optional<String> read(Path file, String name) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file));
    } catch (CharacterCodingException e) {
      problems.add(name + ": is not UTF-8 — save it as UTF-8");
    } catch (IOException e) {
      problems.add(name + ": cannot be read (" + e.getMessage() + ") — check its permissions");
    }
    return Optional.empty();
  }

  private Place properties(Path file, String name) {
    return properties(read(file, name).orElse(""), name);
  }

  private Place properties(String text, String name) {
    Map<String, String> texts = new TreeMap<>();
    Properties loaded = new Properties();
    try {
      loaded.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      problems.add(name + ": holds a \\u that no four hex digits follow — write \\\\u");
    } catch (IOException e) {
      throw new AssertionError("a text in memory is always readable", e);
    }
    loaded.forEach((key, value) -> texts.put(clean((String) key), (String) value));
    return new Place(name, texts);
  }

  private void putVehicleJson() {
    String name = "vehicle.json";
    Optional<String> text = read(workDir.resolve(name), name).map(SettingsLoader::clean);
    if (text.isEmpty()) {
      return;
    }
    try {
      JsonNode vin = new ObjectMapper().readTree(text.get()).path("vin");
      if (vin.isTextual() && !clean(vin.textValue()).isEmpty()) {
        found.put("cardata.vins", new Found(clean(vin.textValue()), name, false));
      } else {
        warnings.add(name + ": holds no \"vin\"; it is left out");
      }
    } catch (JsonProcessingException e) {
      warnings.add(name + ": is not JSON; it is left out");
    }
  }

  private void putAll(Place place) {
    place
        .texts()
        .forEach(
            (key, raw) -> {
              if (key.startsWith("CARDATA_")) {
                warnings.add(
                    place.name()
                        + ": "
                        + key
                        + " is the name of an environment variable and is left out here");
              } else if (key.startsWith("cardata.")) {
                putOwn(place, key, raw);
              } else {
                camel.put(key, raw);
              }
            });
  }

  private void putOwn(Place place, String key, String raw) {
    String text = clean(raw);
    if (key.endsWith(FROM_FILE)) {
      String secret = key.substring(0, key.length() - FROM_FILE.length());
      if (SettingCatalogue.isSecret(secret)) {
        boolean both = !clean(place.texts().getOrDefault(secret, "")).isEmpty();
        putSecret(secret, key, text, both, place.name());
        return;
      }
    }
    if (SettingCatalogue.find(key).isEmpty() && !SettingCatalogue.isFree(key)) {
      problems.add(
          SettingCatalogue.shown(key)
              + " ("
              + place.name()
              + "): there is no such setting — did you mean "
              + SettingCatalogue.shown(SettingCatalogue.nearest(key))
              + "?");
    } else if (!text.isEmpty()) {
      found.put(key, new Found(text, place.name(), false));
    }
  }

  private void putVariables(
      String place,
      Map<String, String> variables,
      Map<String, String> below,
      EnvironmentNames names) {
    OlderBridges.read(variables, below, warnings::add)
        .forEach(
            (key, mapped) ->
                found.put(key, new Found(mapped.value(), place + " " + mapped.variable(), false)));
    new TreeMap<>(variables)
        .forEach(
            (variable, raw) -> {
              if (variable.startsWith("CARDATA_")) {
                putVariable(place, variables, variable, clean(raw), names);
              }
            });
  }

  private void putVariable(
      String place,
      Map<String, String> variables,
      String variable,
      String text,
      EnvironmentNames names) {
    if (variable.endsWith(FROM_FILE)) {
      String plain = variable.substring(0, variable.length() - FROM_FILE.length());
      Optional<String> secret = names.keyOf(plain).filter(SettingCatalogue::isSecret);
      if (secret.isPresent()) {
        boolean both = !clean(variables.getOrDefault(plain, "")).isEmpty();
        putSecret(secret.get(), variable, text, both, place);
        return;
      }
    }
    Optional<String> key =
        names
            .keyOf(variable)
            .filter(k -> SettingCatalogue.find(k).isPresent() || SettingCatalogue.isFree(k));
    if (key.isEmpty()) {
      String guess = variable.toLowerCase(Locale.ROOT).replace('_', '.');
      String nearest = SettingCatalogue.nearestVariable(variable);
      warnings.add(
          shownVariable(variable, guess)
              + " ("
              + place
              + "): there is no such setting, it is left out — did you mean "
              + shownVariable(nearest, nearest.toLowerCase(Locale.ROOT).replace('_', '.'))
              + "?");
    } else if (!text.isEmpty()) {
      found.put(key.get(), new Found(text, place + " " + shownVariable(variable, key.get()), true));
    }
  }

  private static String shownVariable(String variable, String key) {
    String shown = SettingCatalogue.shown(key);
    return shown.equals(key) ? SettingCatalogue.shown(variable) : EnvironmentNames.of(shown);
  }

  private void putSecret(String key, String name, String file, boolean both, String place) {
    if (file.isEmpty()) {
      return;
    }
    if (both) {
      problems.add(name + " (" + place + "): is set beside the value itself — keep one of the two");
      return;
    }
    try {
      String text = Files.readString(workDir.resolve(file)).replaceFirst("\\R\\z", "");
      if (clean(text).isEmpty()) {
        problems.add(name + " (" + place + "): the file " + file + " is empty");
      } else {
        found.put(key, new Found(clean(text), "file " + file, false));
      }
    } catch (IOException | InvalidPathException e) {
      problems.add(
          name + " (" + place + "): got '" + file + "', takes the path of a readable file");
    }
  }

  private Found resolved(String key, Found entry) {
    if (SettingCatalogue.isFree(key) || !entry.value().contains("{{")) {
      return entry;
    }
    String text =
        filledIn(entry.value(), name -> Optional.ofNullable(found.get(name)).map(Found::value));
    if (text.contains("{{")) {
      problems.add(
          SettingCatalogue.shown(key)
              + " ("
              + entry.source()
              + "): holds a placeholder with no value — {{env:NAME:default}} and"
              + " {{cardata.name:default}} are known here");
    }
    return new Found(clean(text), entry.source(), entry.lenient());
  }

  /** A text with its placeholders replaced; those without a value stay. */
  private String filledIn(String raw, Function<String, Optional<String>> settings) {
    String text = raw;
    for (int depth = 0; depth < DEEPEST_PLACEHOLDER; depth++) {
      String next = PLACEHOLDER.matcher(text).replaceAll(found -> replacement(found, settings));
      if (next.equals(text)) {
        break;
      }
      text = next;
    }
    return text;
  }

  private String replacement(MatchResult placeholder, Function<String, Optional<String>> settings) {
    String name = placeholder.group(1);
    String value =
        name.startsWith("env:")
            ? environment.get(name.substring("env:".length()))
            : settings
                .apply(name)
                .or(() -> SettingCatalogue.find(name).flatMap(SettingDefinition::builtIn))
                .orElse(null);
    String fallback = placeholder.group(2) == null ? placeholder.group() : placeholder.group(2);
    return Matcher.quoteReplacement(value == null || value.isBlank() ? fallback : value);
  }

  private Found checked(String key, Found entry) {
    Optional<SettingDefinition> definition = SettingCatalogue.find(key);
    if (definition.isEmpty() || entry.value().contains("{{")) {
      return entry;
    }
    SettingType type = definition.get().type();
    Optional<String> text =
        entry.value().isEmpty() ? Optional.of("") : type.reader().apply(entry.value());
    boolean missingFile =
        type == SettingType.FILE && text.isPresent() && !isReadable(entry.value());
    if (text.isEmpty() || missingFile) {
      String got =
          definition.get().secret() ? "a text that is not shown" : "'" + visible(entry) + "'";
      problems.add(
          SettingCatalogue.shown(key)
              + " ("
              + entry.source()
              + "): got "
              + got
              + ", takes "
              + type.takes()
              + (SettingType.carriesLogin(entry.value()) ? withoutLogin(key) : ""));
      return entry;
    }
    return new Found(text.get(), entry.source(), entry.lenient());
  }

  private static String withoutLogin(String key) {
    String name = key.replaceFirst("url$", "username");
    return SettingCatalogue.find(name).isEmpty()
        ? ", without a user name and a password before the host"
        : ", and the login in " + name + " and " + name.replaceFirst("username$", "password");
  }

  private static String visible(Found entry) {
    return entry.value().replaceAll("//\\S*@", "//***@");
  }

  private boolean isReadable(String path) {
    try {
      return Files.isReadable(workDir.resolve(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** What is set so far, over the defaults. */
  private Settings soFar() {
    Map<String, String> texts = new HashMap<>(SettingCatalogue.defaults());
    found.forEach((key, entry) -> texts.put(key, entry.value()));
    return Settings.of(texts);
  }

  private void checkHighMobility(Path dataDir) {
    HighMobilityCheck check = new HighMobilityCheck(soFar(), workDir, dataDir);
    boolean isAlone =
        check.isOn() && !check.isBmwSet() && (!found.containsKey(ACCOUNTS) || isBlank(ACCOUNTS));
    if (isAlone) {
      found.put(ACCOUNTS, new Found("", "High Mobility alone", false));
    }
    problems.addAll(new HighMobilityCheck(soFar(), workDir, dataDir).problems());
  }

  private boolean isBlank(String key) {
    return value(key).isBlank();
  }

  private void checkAccounts() {
    Settings now = soFar();
    List<String> bmw = now.bmwAccounts();
    List<String> certificates = now.list(HighMobilityCheck.ACCOUNTS);
    found.forEach(
        (key, entry) ->
            SettingCatalogue.accountOf(key)
                .flatMap(account -> notFor(key, account, bmw, certificates))
                .ifPresent(
                    why ->
                        (entry.lenient() ? warnings : problems)
                            .add(key + " (" + entry.source() + "): " + why)));
  }

  /** Why a key is not for the account that it names. */
  private static Optional<String> notFor(
      String key, String account, List<String> bmw, List<String> certificates) {
    boolean isBmw = bmw.contains(account);
    boolean isCertificate = certificates.contains(account);
    if (!isBmw && !isCertificate) {
      return Optional.of(
          "there is no account '" + account + "' — " + ACCOUNTS + " names " + named(bmw));
    }
    SettingDefinition definition = SettingCatalogue.find(key).orElse(null);
    if (definition == null
        || isBmw && SettingCatalogue.isForBmw(definition)
        || isCertificate && SettingCatalogue.isForCertificates(definition)) {
      return Optional.empty();
    }
    return Optional.of(
        isBmw
            ? "'"
                + account
                + "' is a BMW account, and this is a setting of High Mobility's — "
                + HighMobilityCheck.ACCOUNTS
                + " names certificates"
            : "'"
                + account
                + "' is a certificate of High Mobility, and this is a setting of BMW's"
                + " — take it out; what certificates have begins with cardata.account."
                + account
                + ".highmobility");
  }

  private static String named(List<String> accounts) {
    return accounts.isEmpty() ? "none" : String.join(", ", accounts);
  }

  private void checkAliases() {
    Map<String, String> owners = new HashMap<>();
    found.forEach(
        (key, entry) -> {
          if (!key.startsWith("cardata.vehicle.")) {
            return;
          }
          String first = owners.putIfAbsent(entry.value(), key);
          boolean isOtherVin =
              found.containsKey("cardata.vehicle." + entry.value() + ".alias")
                  && !key.equals("cardata.vehicle." + entry.value() + ".alias");
          if (first != null || isOtherVin) {
            problems.add(
                SettingCatalogue.shown(key)
                    + " ("
                    + entry.source()
                    + "): another car has this name already — give each car its own");
          }
        });
  }

  private void checkClientCertificate() {
    for (String sink : List.of(MQTT, RAW)) {
      boolean certificate = found.containsKey(sink + "client-cert-file");
      boolean key = found.containsKey(sink + "client-key-file");
      if (certificate != key) {
        problems.add(
            sink
                + (certificate ? "client-key-file" : "client-cert-file")
                + ": got nothing, takes the file that belongs to "
                + sink
                + (certificate ? "client-cert-file" : "client-key-file"));
      }
    }
  }

  // A switch without its route file would do nothing, and say nothing.
  private void checkSinkFiles() {
    String dir = found.containsKey("cardata.routes.dir") ? value("cardata.routes.dir") : "routes";
    if (!SettingType.isPath(dir) || !Files.isDirectory(workDir.resolve(dir))) {
      return;
    }
    Path routes = workDir.resolve(dir);
    for (String sink : SettingCatalogue.sinks()) {
      String key = "cardata.sink." + sink + ".enabled";
      boolean isOn = found.containsKey(key) && value(key).equals("true");
      boolean isDefault = "true".equals(SettingCatalogue.defaults().get(key));
      String file = "sink-" + sink + ".camel.yaml";
      if (isOn && !isDefault && !Files.exists(routes.resolve(file))) {
        warnings.add(key + ": is true, but there is no file " + dir + "/" + file);
      }
    }
  }

  private String value(String key) {
    return found.get(key).value();
  }

  private void fillIn(boolean olderVariables) {
    boolean noBmw = found.containsKey(ACCOUNTS) && isBlank(ACCOUNTS);
    found.values().removeIf(entry -> entry.value().isEmpty());
    // "off" says that nothing is set here; it only had to win over the weaker places.
    found
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue().value().equals(SettingType.OFF)
                    && SettingCatalogue.find(entry.getKey())
                        .filter(definition -> definition.type() == SettingType.DURATION_OR_OFF)
                        .isPresent());
    if (olderVariables) {
      found.putIfAbsent(
          MQTT + "layout", new Found("bausi2k", "variables of an older bridge", false));
    }
    String layout = found.containsKey(MQTT + "layout") ? value(MQTT + "layout") : "default";
    LAYOUTS
        .getOrDefault(layout, Map.of())
        .forEach(
            (name, text) ->
                found.putIfAbsent(MQTT + name, new Found(text, "layout " + layout, false)));
    SettingCatalogue.defaults()
        .forEach(
            (key, text) -> {
              if (!noBmw || !key.equals(ACCOUNTS)) {
                found.putIfAbsent(key, new Found(text, "default", false));
              }
            });
    shareConnection();
  }

  // The raw relay goes to the same broker, unless it is sent elsewhere: then nothing of the first
  // broker's credentials may follow it.
  private void shareConnection() {
    if (found.containsKey(RAW + "url")) {
      return;
    }
    for (String name :
        List.of("url", "username", "password", "ca-file", "client-cert-file", "client-key-file")) {
      Found entry = found.get(MQTT + name);
      if (entry != null) {
        found.putIfAbsent(RAW + name, new Found(entry.value(), "as " + MQTT + name, false));
      }
    }
  }
}
