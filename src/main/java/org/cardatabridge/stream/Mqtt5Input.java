// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a broker says to a client of MQTT 5, with one look at how it begins: a broker that speaks
 * MQTT 3.1.1 only answers in that, which Paho cannot read. For one thread.
 */
final class Mqtt5Input extends InputStream {

  private static final int CONNACK = 0x20;
  private static final int LENGTH_OF_311 = 2;

  /** The broker answered a CONNECT of MQTT 5 in MQTT 3.1.1. */
  static final class OlderBrokerException extends IOException {
    private static final long serialVersionUID = 1L;

    OlderBrokerException() {
      super("the broker answers in MQTT 3.1.1");
    }
  }

  private final InputStream in;
  private byte[] held;
  private int at;

  Mqtt5Input(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    look();
    return at < held.length ? held[at++] & 0xff : in.read();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    look();
    if (at < held.length) {
      int n = Math.min(length, held.length - at);
      System.arraycopy(held, at, buffer, offset, n);
      at += n;
      return n;
    }
    return in.read(buffer, offset, length);
  }

  private void look() throws IOException {
    if (held != null) {
      return;
    }
    byte[] begin = in.readNBytes(2);
    if (begin.length == 2 && begin[0] == CONNACK && begin[1] == LENGTH_OF_311) {
      throw new OlderBrokerException();
    }
    held = begin;
  }

  @Override
  public int available() throws IOException {
    return (held == null ? 0 : held.length - at) + in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
