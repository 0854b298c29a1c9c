// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The settings that the page shows and may change, kept in {@code settings.properties} of the data
 * directory. What is written was loaded as a whole before, so that it cannot keep the bridge from
 * starting. Safe for use by many threads.
 */
public final class PageSettings {

  /** How long a text may be. */
  static final int LONGEST = 1_000;

  private static final int LONGEST_FILE = 64 * 1024;
  private static final String VEHICLE = "cardata.vehicle.";
  private static final String ALIAS = ".alias";
  private static final Pattern KEY = Pattern.compile("[^\\s\\p{Cntrl}]{1,150}");

  /** Addresses, each with what is sent there; in this order they are complained of. */
  private static final List<List<String>> SENT_TO =
      List.of(
          List.of(
              "cardata.sink.mqtt.url", "cardata.sink.mqtt.username", "cardata.sink.mqtt.password"),
          List.of(
              "cardata.sink.mqtt-raw.url",
              "cardata.sink.mqtt-raw.username",
              "cardata.sink.mqtt-raw.password"),
          List.of("cardata.sink.notify.ntfy.url", "cardata.sink.notify.ntfy.token"),
          List.of("cardata.sink.notify.gotify.url", "cardata.sink.notify.gotify.token"));

  private final LoadedSettings inForce;
  private final PageFile file;

  /** For the settings that the bridge runs with. */
  public PageSettings(LoadedSettings inForce) {
    this.inForce = inForce;
    this.file = new PageFile(inForce.pageFile());
  }

  /**
   * What became of a change.
   *
   * @param keys what was asked for, in order
   * @param differs whether any setting is another one now
   * @param undo puts the file back as it was
   */
  public record Saved(List<String> keys, boolean differs, Undo undo) {}

  /** Puts a file back as it was. */
  public interface Undo {

    /** Does it; the file is then durable again. */
    void run() throws IOException;
  }

  /** Every setting of the page, in the order of the docs; an alias for each of these VINs. */
  public List<PageSetting> list(Collection<String> vins) {
    Set<String> cars = new TreeSet<>(vins);
    inForce.settings().asMap().keySet().stream()
        .filter(key -> key.startsWith(VEHICLE) && key.endsWith(ALIAS))
        .map(key -> key.substring(VEHICLE.length(), key.length() - ALIAS.length()))
        .forEach(cars::add);
    Settings settings = inForce.settings();
    List<PageSetting> all = new ArrayList<>();
    for (SettingDefinition definition : SettingCatalogue.all()) {
      if (!definition.onPage()) {
        continue;
      }
      if (definition.isPattern()) {
        cars.forEach(vin -> all.add(shown(definition.key().replace("<VIN>", vin), definition)));
        continue;
      }
      all.add(shown(definition.key(), definition));
      if (definition.perAccount()) {
        List<String> accounts = new ArrayList<>();
        if (SettingCatalogue.isForBmw(definition)) {
          accounts.addAll(settings.bmwAccounts());
        }
        if (SettingCatalogue.isForCertificates(definition)) {
          accounts.addAll(settings.certificates());
        }
        for (String account : accounts) {
          String own = "cardata.account." + account + definition.key().substring(7);
          if (accounts.size() > 1 || settings.asMap().containsKey(own)) {
            all.add(shown(own, definition));
          }
        }
      }
    }
    return all;
  }

  private PageSetting shown(String key, SettingDefinition definition) {
    String value = inForce.settings().asMap().get(key);
    String source = value == null ? null : inForce.sources().getOrDefault(key, "default");
    boolean secret = definition.secret() && !definition.key().equals("cardata.vins");
    boolean editable = !inForce.pinned().contains(key);
    String note = definition.defaultNote() == null ? null : "(" + definition.defaultNote() + ")";
    return new PageSetting(
        key,
        secret ? null : value,
        value != null && !source.equals("default"),
        source,
        editable,
        editable ? null : why(key, source),
        secret,
        definition.meaning(),
        definition.type().takes(),
        definition.builtIn().orElse(note));
  }

  private static String why(String key, String source) {
    if (source.equals("override")) {
      return "the command that started the bridge sets " + key + ", so it stays as it is";
    }
    return "it comes from "
        + source
        + ", which is stronger than this page — change it there and restart the bridge, or take it"
        + " out there to set it here";
  }

  /**
   * Makes changes durable; nothing runs with them yet.
   *
   * @param changes the new text of each key; null or a blank text takes it out of the file
   * @throws SettingRefusedException where nothing was changed; says why and what to do
   */
  public synchronized Saved save(Map<String, String> changes) throws SettingRefusedException {
    for (Map.Entry<String, String> change : changes.entrySet()) {
      check(change.getKey(), change.getValue());
    }
    String before;
    try {
      before = file.text();
    } catch (CharacterCodingException e) {
      throw SettingRefusedException.here(
          "Reading "
              + inForce.pageFileName()
              + ": it is not UTF-8 — save it as UTF-8; nothing was changed",
          e);
    } catch (IOException e) {
      throw unwritable("Reading", e);
    }
    String after = PageFile.changed(before, changes);
    if (after.length() > LONGEST_FILE) {
      throw new SettingRefusedException(null, "these are more settings than the page keeps");
    }
    LoadedSettings old = inForce.withPageFile(before);
    LoadedSettings candidate = inForce.withPageFile(after);
    checkWhole(changes, candidate);
    for (List<String> pair : SENT_TO) {
      checkSentTo(pair.get(0), pair.subList(1, pair.size()), changes, old, candidate);
    }
    try {
      file.write(after);
    } catch (IOException e) {
      throw unwritable("Writing", e);
    }
    return new Saved(
        List.copyOf(new TreeSet<>(changes.keySet())),
        !old.settings().asMap().equals(candidate.settings().asMap()),
        () -> file.write(before));
  }

  private void check(String key, String text) throws SettingRefusedException {
    if (!KEY.matcher(key).matches() || SettingCatalogue.onPage(key).isEmpty()) {
      throw new SettingRefusedException(
          null,
          (KEY.matcher(key).matches() ? SettingCatalogue.shown(key) : "this key")
              + " is no setting that the page may change — application.properties says what else"
              + " there is");
    }
    if (inForce.pinned().contains(key)) {
      throw new SettingRefusedException(
          key, SettingCatalogue.shown(key) + ": " + why(key, inForce.sources().get(key)));
    }
    if (text == null) {
      return;
    }
    if (text.length() > LONGEST) {
      throw new SettingRefusedException(
          key, SettingCatalogue.shown(key) + ": takes at most " + LONGEST + " characters");
    }
    if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
      throw new SettingRefusedException(
          key, SettingCatalogue.shown(key) + ": takes one line without control characters");
    }
    // It would be filled in, and show or send what it stands for; routes may put a text into an
    // expression or an address.
    SettingDefinition definition = SettingCatalogue.onPage(key).orElseThrow();
    boolean isExpression =
        !definition.secret() && (text.contains("${") || text.contains("$simple{"));
    boolean isAddress = definition.type() == SettingType.TOPIC && text.contains("?");
    if (text.contains("{{") || isExpression || isAddress) {
      throw new SettingRefusedException(
          key,
          SettingCatalogue.shown(key)
              + ": takes no "
              + (isAddress ? "?" : isExpression ? "${" : "{{")
              + " on the page; a file may hold it");
    }
  }

  private void checkWhole(Map<String, String> changes, LoadedSettings candidate)
      throws SettingRefusedException {
    for (String problem : candidate.problems()) {
      Optional<String> about =
          changes.keySet().stream()
              .filter(key -> problem.startsWith(SettingCatalogue.shown(key) + " ("))
              .findFirst();
      if (about.isPresent()) {
        throw new SettingRefusedException(about.get(), problem);
      }
    }
    if (!candidate.problems().isEmpty()) {
      throw new SettingRefusedException(null, candidate.problems().get(0));
    }
    if (!candidate.dataDir().equals(inForce.dataDir())) {
      throw new SettingRefusedException(
          null,
          "cardata.data-dir has been changed while the bridge ran — restart the bridge, then change"
              + " settings");
    }
  }

  /**
   * A user name, password or token goes to another address than before only with the user's word: a
   * change of the address brings it along, or takes it out.
   */
  private static void checkSentTo(
      String url,
      List<String> secrets,
      Map<String, String> changes,
      LoadedSettings old,
      LoadedSettings candidate)
      throws SettingRefusedException {
    String address = candidate.settings().asMap().get(url);
    if (address == null || address.equals("embedded")) {
      return;
    }
    boolean moved = !address.equals(old.settings().asMap().get(url));
    for (String secret : secrets) {
      String text = candidate.settings().asMap().get(secret);
      String given = changes.get(origin(secret, candidate));
      if (text == null || given != null && !given.isBlank()) {
        continue;
      }
      boolean isNew = !text.equals(old.settings().asMap().get(secret));
      if ((moved || isNew) && (isPages(url, candidate) || isPages(secret, candidate))) {
        String source = candidate.sources().get(origin(secret, candidate));
        throw new SettingRefusedException(
            origin(url, candidate),
            origin(secret, candidate)
                + " (from "
                + source
                + ") would be sent to another address than before — "
                + (isPages(secret, candidate)
                    ? "give it again together with the new address, or take it out"
                    : "give the one for the new address together with it, or change both where it"
                        + " comes from"));
      }
    }
  }

  /** The key whose text stands for this one, as that of the raw relay is the local broker's. */
  private static String origin(String key, LoadedSettings settings) {
    String source = settings.sources().get(key);
    return source != null && source.startsWith("as ") ? source.substring(3) : key;
  }

  private static boolean isPages(String key, LoadedSettings settings) {
    return settings.pageFileName().equals(settings.sources().get(origin(key, settings)));
  }

  private SettingRefusedException unwritable(String doing, IOException e) {
    String cause =
        e instanceof FileSystemException f
            ? f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName().replace("Exception", "")
            : e.getMessage();
    return SettingRefusedException.here(
        doing
            + " "
            + inForce.pageFileName()
            + ": "
            + cause
            + " — make room, or give the bridge's user the right to write there; nothing was"
            + " changed",
        e);
  }
}
