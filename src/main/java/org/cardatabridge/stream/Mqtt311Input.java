// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What a broker says in MQTT 3.1.1, as a client of MQTT 5 understands it. Payloads pass as they
 * come; of everything else at most one packet, and of that 16 KB, is held. For one thread.
 *
 * <p>Reading fails with {@link ProtocolException} at what no broker may send to a subscriber, and
 * with {@link EOFException} where the broker hangs up in the middle of a packet.
 */
final class Mqtt311Input extends InputStream {

  private static final int CONNACK = 0x20;
  private static final int PUBACK = 0x40;
  private static final int PUBREC = 0x50;
  private static final int PUBREL = 0x62;
  private static final int PUBCOMP = 0x70;
  private static final int SUBACK = 0x90;
  private static final int UNSUBACK = 0xB0;
  private static final int PINGRESP = 0xD0;
  private static final int PUBLISH = 3;
  private static final int LONGEST_LENGTH = 4;
  private static final int MOST_HELD = 16_384;
  private static final int FAILURE = 0x80;

  private final InputStream in;

  /** What is next for the reader: bytes we hold, and then so many straight from the broker. */
  private byte[] held = {};

  private int at;
  private int passing;

  Mqtt311Input(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == held.length && passing == 0 && !nextPacket()) {
      return -1;
    }
    if (at < held.length) {
      int n = Math.min(length, held.length - at);
      System.arraycopy(held, at, buffer, offset, n);
      at += n;
      return n;
    }
    int n = in.read(buffer, offset, Math.min(length, passing));
    if (n < 0) {
      throw hungUp();
    }
    passing -= n;
    return n;
  }

  @Override
  public int available() throws IOException {
    return held.length - at + in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean nextPacket() throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    int length = length();
    if (first >> 4 == PUBLISH) {
      publish(first, length);
      return true;
    }
    if (length > MOST_HELD) {
      throw wrong("a packet of type " + (first >> 4) + " with " + length + " bytes");
    }
    byte[] body = exactly(length);
    ByteArrayOutputStream packet = new ByteArrayOutputStream(length + 8);
    packet.write(first);
    switch (first) {
      case CONNACK -> connack(packet, body);
      case SUBACK -> suback(packet, body);
      case UNSUBACK -> unsuback(packet, body);
      case PUBACK, PUBREC, PUBREL, PUBCOMP -> asItIs(packet, body, Short.BYTES);
      case PINGRESP -> asItIs(packet, body, 0);
      default -> throw wrong("a packet that begins with " + first);
    }
    hold(packet, 0);
    return true;
  }

  private void publish(int first, int length) throws IOException {
    int qos = first >> 1 & 3;
    if (qos == 3 || length < Short.BYTES || length == PacketLength.MOST) {
      throw wrong("a message that cannot be");
    }
    byte[] size = exactly(Short.BYTES);
    int name = (size[0] & 0xff) << 8 | size[1] & 0xff;
    int rest = name + (qos > 0 ? Short.BYTES : 0);
    if (Short.BYTES + rest > length) {
      throw wrong("a message that is shorter than its topic");
    }
    byte[] topicAndId = exactly(rest);
    if (qos > 0 && topicAndId[rest - 1] == 0 && topicAndId[rest - 2] == 0) {
      throw wrong("a message without a packet id");
    }
    ByteArrayOutputStream packet = new ByteArrayOutputStream(rest + 16);
    packet.write(first);
    PacketLength.write(packet, length + 1);
    packet.writeBytes(size);
    packet.writeBytes(topicAndId);
    packet.write(0); // no properties
    hold(packet, length - Short.BYTES - rest);
  }

  private static void connack(ByteArrayOutputStream packet, byte[] body) throws IOException {
    if (body.length < 2 || (body[0] & 0xfe) != 0) {
      throw wrong("an answer to CONNECT that cannot be");
    }
    int code = body[1] & 0xff;
    if (body.length > 2) {
      // A server that speaks MQTT 5 only refuses in its own words.
      if (code < FAILURE || !isAllProperties(ByteBuffer.wrap(body, 2, body.length - 2))) {
        throw wrong("an answer to CONNECT of " + body.length + " bytes");
      }
      PacketLength.write(packet, body.length);
      packet.writeBytes(body);
      return;
    }
    PacketLength.write(packet, 3);
    packet.write(body[0]);
    packet.write(reason(code));
    packet.write(0);
  }

  private static int reason(int code) throws IOException {
    return switch (code) {
      case 0 -> 0;
      case 1 -> 132; // the version of MQTT
      case 2 -> 133; // the client id
      case 3 -> 136; // the server is unavailable
      case 4 -> 134; // user name or password
      case 5 -> 135; // not authorized
      default -> {
        if (code < FAILURE) {
          throw wrong("an answer to CONNECT with code " + code);
        }
        yield code;
      }
    };
  }

  private static boolean isAllProperties(ByteBuffer rest) {
    try {
      int length = PacketLength.read(rest);
      return length == rest.remaining();
    } catch (BufferUnderflowException e) {
      return false;
    }
  }

  private static void suback(ByteArrayOutputStream packet, byte[] body) throws IOException {
    if (body.length <= Short.BYTES) {
      throw wrong("an answer to SUBSCRIBE without a code");
    }
    for (int i = Short.BYTES; i < body.length; i++) {
      int code = body[i] & 0xff;
      if (code > 2 && code < FAILURE) {
        throw wrong("an answer to SUBSCRIBE with code " + code);
      }
    }
    PacketLength.write(packet, body.length + 1);
    packet.write(body, 0, Short.BYTES);
    packet.write(0);
    packet.write(body, Short.BYTES, body.length - Short.BYTES);
  }

  private static void unsuback(ByteArrayOutputStream packet, byte[] body) throws IOException {
    if (body.length != Short.BYTES) {
      throw wrong("an answer to UNSUBSCRIBE of " + body.length + " bytes");
    }
    PacketLength.write(packet, Short.BYTES + 2);
    packet.writeBytes(body);
    packet.write(0);
    packet.write(0); // MQTT 5 says for each filter that it went well
  }

  private static void asItIs(ByteArrayOutputStream packet, byte[] body, int length)
      throws IOException {
    if (body.length != length) {
      throw wrong("an acknowledgement of " + body.length + " bytes");
    }
    PacketLength.write(packet, length);
    packet.writeBytes(body);
  }

  private int length() throws IOException {
    int length = 0;
    for (int i = 0; i < LONGEST_LENGTH; i++) {
      int digit = in.read();
      if (digit < 0) {
        throw hungUp();
      }
      length |= (digit & 0x7f) << (7 * i);
      if (digit < 0x80) {
        return length;
      }
    }
    throw wrong("a length that does not end");
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw hungUp();
    }
    return bytes;
  }

  private void hold(ByteArrayOutputStream packet, int then) {
    held = packet.toByteArray();
    at = 0;
    passing = then;
  }

  private static EOFException hungUp() {
    return new EOFException("the broker hung up in the middle of a packet");
  }

  private static ProtocolException wrong(String what) {
    return new ProtocolException("no MQTT 3.1.1: " + what);
  }
}
