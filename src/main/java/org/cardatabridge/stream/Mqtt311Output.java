// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a subscriber says in MQTT 5, said to a broker in MQTT 3.1.1. A packet goes out when its last
 * byte is here; packets that came in one write go out in one write. For one thread at a time.
 *
 * <p>Writing fails with {@link ProtocolException} at a packet that MQTT 3.1.1 has no form for, or
 * that a subscriber does not send: a last will, a message, a password without a user name.
 */
final class Mqtt311Output extends OutputStream {

  private static final int CONNECT = 0x10;
  private static final int PUBACK = 0x40;
  private static final int PUBREC = 0x50;
  private static final int PUBREL = 0x62;
  private static final int PUBCOMP = 0x70;
  private static final int SUBSCRIBE = 0x82;
  private static final int UNSUBSCRIBE = 0xA2;
  private static final int PINGREQ = 0xC0;
  private static final int DISCONNECT = 0xE0;

  private static final int WILL = 0x3C;
  private static final int USER_AND_PASSWORD = 0xC0;
  private static final int PASSWORD = 0x40;
  private static final int QOS = 0x03;

  /** More than four of MQTT's longest texts; a CONNECT has three. */
  private static final int LONGEST = 4 * 65_537;

  private final OutputStream out;
  private byte[] pending = {};

  Mqtt311Output(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    byte[] all = Arrays.copyOf(pending, pending.length + count);
    System.arraycopy(bytes, offset, all, pending.length, count);
    ByteArrayOutputStream said = new ByteArrayOutputStream(all.length);
    ByteBuffer rest = ByteBuffer.wrap(all);
    for (ByteBuffer packet = next(rest); packet != null; packet = next(rest)) {
      try {
        say(said, packet);
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        throw wrong("a packet that is shorter than what it holds");
      }
    }
    pending = Arrays.copyOfRange(all, rest.position(), all.length);
    if (said.size() > 0) {
      out.write(said.toByteArray());
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Takes one whole packet off the buffer; null, and nothing taken, where it is not all here. */
  private static ByteBuffer next(ByteBuffer rest) throws ProtocolException {
    ByteBuffer look = rest.slice();
    if (look.remaining() < 2) {
      return null;
    }
    look.get();
    int length;
    try {
      length = PacketLength.read(look);
    } catch (BufferUnderflowException e) {
      return null;
    }
    if (length < 0 || length > LONGEST) {
      throw wrong("a packet that is too long");
    }
    if (look.remaining() < length) {
      return null;
    }
    int whole = look.position() + length;
    ByteBuffer packet = rest.slice().limit(whole);
    rest.position(rest.position() + whole);
    return packet;
  }

  private static void say(ByteArrayOutputStream said, ByteBuffer packet) throws ProtocolException {
    int first = packet.get() & 0xff;
    PacketLength.read(packet);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    switch (first) {
      case CONNECT -> connect(body, packet);
      case SUBSCRIBE -> filters(body, packet, true);
      case UNSUBSCRIBE -> filters(body, packet, false);
      case PUBACK, PUBREC, PUBREL, PUBCOMP -> copy(body, packet, Short.BYTES);
      case PINGREQ, DISCONNECT -> {} // in 3.1.1 without a reason
      default -> throw wrong("a packet that begins with " + first);
    }
    said.write(first);
    PacketLength.write(said, body.size());
    said.writeBytes(body.toByteArray());
  }

  private static void connect(ByteArrayOutputStream body, ByteBuffer packet)
      throws ProtocolException {
    byte[] name = new byte[2 + 4];
    packet.get(name);
    int version = packet.get();
    if (!Arrays.equals(name, "\0\4MQTT".getBytes(StandardCharsets.US_ASCII)) || version != 5) {
      throw wrong("a CONNECT of another version");
    }
    int flags = packet.get() & 0xff;
    if ((flags & WILL) != 0) {
      throw wrong("a last will");
    }
    if ((flags & USER_AND_PASSWORD) == PASSWORD) {
      throw wrong("a password without a user name");
    }
    body.writeBytes(name);
    body.write(4);
    // Clean start is clean session: the same bit.
    body.write(flags);
    copy(body, packet, Short.BYTES); // keep-alive
    skipProperties(packet);
    copy(body, packet, packet.remaining());
  }

  private static void filters(ByteArrayOutputStream body, ByteBuffer packet, boolean withQos)
      throws ProtocolException {
    copy(body, packet, Short.BYTES); // packet id
    skipProperties(packet);
    while (packet.hasRemaining()) {
      int length = packet.duplicate().getShort() & 0xffff;
      copy(body, packet, Short.BYTES + length);
      if (withQos) {
        body.write(packet.get() & QOS);
      }
    }
  }

  private static void skipProperties(ByteBuffer packet) throws ProtocolException {
    int length = PacketLength.read(packet);
    if (length < 0) {
      throw wrong("properties that do not end");
    }
    packet.position(packet.position() + length);
  }

  private static void copy(ByteArrayOutputStream body, ByteBuffer packet, int length) {
    byte[] bytes = new byte[length];
    packet.get(bytes);
    body.writeBytes(bytes);
  }

  private static ProtocolException wrong(String what) {
    return new ProtocolException("not to be said in MQTT 3.1.1: " + what);
  }
}
