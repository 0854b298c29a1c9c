// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of the settings' catalogue. Immutable and safe for use by many threads.
 *
 * @param key the key, or a pattern with {@code <name>}, {@code <VIN>}, {@code <header>} or {@code
 *     <rule>} in it; never null
 * @param type what it takes; never null
 * @param defaultText the built-in default; null where there is none
 * @param defaultNote what the docs say in place of, or behind, the default; null where the default
 *     says it all. A setting with a note stands commented out in application.properties, because a
 *     live line would switch off the rule that the note describes.
 * @param secret whether the value is never shown and may come from a file ({@code _FILE})
 * @param perAccount whether {@code cardata.account.<name>.} may stand in place of {@code cardata.}
 * @param onPage whether the page may change it. None that says where data, tokens or commands of
 *     this machine go unasked is among them: whoever reaches the page must not lead tokens
 *     elsewhere.
 * @param meaning one sentence for the docs; never null
 */
record SettingDefinition(
    String key,
    SettingType type,
    String defaultText,
    String defaultNote,
    boolean secret,
    boolean perAccount,
    boolean onPage,
    String meaning) {

  /** A setting with a default, or null for none. */
  static SettingDefinition setting(
      String key, SettingType type, String defaultText, String meaning) {
    return new SettingDefinition(key, type, defaultText, null, false, false, false, meaning);
  }

  /** The same, never shown and to be had from a file too. */
  SettingDefinition kept() {
    return new SettingDefinition(
        key, type, defaultText, defaultNote, true, perAccount, onPage, meaning);
  }

  /** The same, to be set for one account too. */
  SettingDefinition eachAccount() {
    return new SettingDefinition(
        key, type, defaultText, defaultNote, secret, true, onPage, meaning);
  }

  /** The same with words about its default. */
  SettingDefinition note(String words) {
    return new SettingDefinition(
        key, type, defaultText, words, secret, perAccount, onPage, meaning);
  }

  /** The same, to be changed on the page too. */
  SettingDefinition changeable() {
    return new SettingDefinition(
        key, type, defaultText, defaultNote, secret, perAccount, true, meaning);
  }

  /** Whether it stands for many keys. */
  boolean isPattern() {
    return key.contains("<");
  }

  /** Whether application.properties has it as a live line. */
  boolean isLive() {
    return defaultText != null && defaultNote == null && !isPattern();
  }

  /** The default, if there is one. */
  Optional<String> builtIn() {
    return Optional.ofNullable(defaultText);
  }

  /** Matches each key that this definition stands for, but not its per-account forms. */
  Pattern keys() {
    String quoted = Pattern.quote(key);
    return Pattern.compile(
        quoted
            .replace("<name>", "\\E[a-z0-9-]+\\Q")
            .replace("<header>", "\\E[A-Za-z0-9-]+\\Q")
            .replace("<rule>", "\\E[a-z0-9-]+\\Q")
            .replace("<VIN>", "\\E.+\\Q"));
  }
}
