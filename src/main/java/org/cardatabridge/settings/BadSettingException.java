// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

/** A setting that cannot be used; the message says which, what it got and what it takes. */
public final class BadSettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** For a key that got a text of the wrong form. */
  public BadSettingException(String key, String got, String takes) {
    super(key + ": got '" + got + "', takes " + takes);
  }

  /** For anything that one sentence says better. */
  public BadSettingException(String sentence) {
    super(sentence);
  }
}
