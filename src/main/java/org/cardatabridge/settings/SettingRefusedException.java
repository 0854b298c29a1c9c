// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

/** A change of settings that is not made; the message is a sentence for the user. */
public final class SettingRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String setting;
  private final Fault fault;

  private enum Fault {
    ASKED,
    HERE,
    TOO_SOON
  }

  private SettingRefusedException(String setting, Fault fault, String sentence, Throwable cause) {
    super(sentence, cause);
    this.setting = setting;
    this.fault = fault;
  }

  /**
   * For what was asked for.
   *
   * @param setting the key it is about; null for none
   */
  public SettingRefusedException(String setting, String sentence) {
    this(setting, Fault.ASKED, sentence, null);
  }

  /** For a sound wish that this machine cannot fulfil. */
  static SettingRefusedException here(String sentence, Throwable cause) {
    return new SettingRefusedException(null, Fault.HERE, sentence, cause);
  }

  /** For a sound wish that comes too soon after others. */
  public static SettingRefusedException tooSoon(String sentence) {
    return new SettingRefusedException(null, Fault.TOO_SOON, sentence, null);
  }

  /** The key it is about; null for none. */
  public String setting() {
    return setting;
  }

  /** Whether the machine is at fault, not what was asked for. */
  public boolean isOurs() {
    return fault == Fault.HERE;
  }

  /** Whether the same may be asked for later. */
  public boolean isTooSoon() {
    return fault == Fault.TOO_SOON;
  }
}
