// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

/** Why no data point can be taken out of a message. The texts name no content of the message. */
public enum Unreadable {
  /** Not one byte, or white space only. */
  EMPTY("the message is empty"),
  /** Bytes that are no UTF-8. */
  NOT_UTF8("the bytes are no UTF-8"),
  /** Text that is no JSON, or more than one JSON value. */
  NOT_JSON("the text is no JSON"),
  /** Nesting, a number or a name beyond what is sane. */
  BEYOND_LIMITS("the JSON is nested too deep, or a name or number in it is too long"),
  /** JSON, but no object. */
  NOT_AN_OBJECT("the JSON is no object"),
  /** No {@code data} object. */
  NO_DATA("'data' is missing or no object"),
  /** No vehicle identification number in the message nor in its topic. */
  NO_VIN("no VIN stands in the message nor in its topic"),
  /** A vehicle identification number that cannot be one level of a topic. */
  BAD_VIN("the VIN cannot be one level of a topic"),
  /** Nothing in {@code data} but entries whose names no topic can have. */
  BAD_NAMES("no name in 'data' can be a descriptor");

  private final String text;

  Unreadable(String text) {
    this.text = text;
  }

  /** The reason in words, without a full stop. */
  public String text() {
    return text;
  }
}
