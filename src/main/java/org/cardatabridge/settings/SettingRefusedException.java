// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

/** A change of settings that is not made; the message is a sentence for the user. */
public final class SettingRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String setting;
  private final boolean ours;

  private SettingRefusedException(String setting, boolean ours, String sentence, Throwable cause) {
    super(sentence, cause);
    this.setting = setting;
    this.ours = ours;
  }

  /**
   * For what was asked for.
   *
   * @param setting the key it is about; null for none
   */
  public SettingRefusedException(String setting, String sentence) {
    this(setting, false, sentence, null);
  }

  /** For a sound wish that this machine cannot fulfil. */
  static SettingRefusedException here(String sentence, Throwable cause) {
    return new SettingRefusedException(null, true, sentence, cause);
  }

  /** The key it is about; null for none. */
  public String setting() {
    return setting;
  }

  /** Whether the machine is at fault, not what was asked for. */
  public boolean isOurs() {
    return ours;
  }
}
