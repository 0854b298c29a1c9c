// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A setting as the page shows it; what has no value is null. Immutable, and holds no secret.
 *
 * @param key the setting
 * @param value its text; null for a secret, a client id, and where there is none
 * @param set whether it has a text of its own, not only the built-in default
 * @param source where the text comes from, such as {@code environment CARDATA_CLIENT_ID} or {@code
 *     default}
 * @param editable whether the page can change it
 * @param why why it cannot, and what to do
 * @param secret whether its value is never told
 * @param description what it is, in a sentence
 * @param takes what texts it takes
 * @param builtIn the built-in default, or words about it in brackets
 */
public record PageSetting(
    String key,
    String value,
    @JsonProperty("isSet") boolean set,
    String source,
    boolean editable,
    String why,
    boolean secret,
    String description,
    String takes,
    @JsonProperty("default") String builtIn) {

  /** Names the key, nothing else. */
  @Override
  public String toString() {
    return "PageSetting[" + SettingCatalogue.shown(key) + "]";
  }
}
