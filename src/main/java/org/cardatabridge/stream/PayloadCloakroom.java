// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/**
 * What a broker sends, with each PUBLISH's payload taken off and a ticket of four bytes in its
 * place. Paho 1.2.5 copies a payload twice, byte by byte; so it copies the ticket, and {@link
 * #give} puts the payload back. A packet that is no proper PUBLISH passes as it is.
 *
 * <p>One thread reads; any thread may ask for a payload. It ends with its connection, and with it
 * the payloads that nobody asked for.
 */
final class PayloadCloakroom extends InputStream {

  private static final int PUBLISH = 3;
  private static final int LONGEST_LENGTH = 4;
  private static final int TICKET_BYTES = Integer.BYTES;

  private final InputStream in;
  private final Map<Integer, byte[]> payloads = new ConcurrentHashMap<>();
  private int tickets;

  /** What is next for the reader: bytes we hold, and then so many straight from the broker. */
  private byte[] held = {};

  private int at;
  private long passing;

  PayloadCloakroom(InputStream in) {
    this.in = in;
  }

  /** Gives the message its payload for the ticket it has; once. */
  void give(MqttMessage message) {
    byte[] ticket = message.getPayload();
    if (ticket.length == TICKET_BYTES) {
      byte[] payload = payloads.remove(ByteBuffer.wrap(ticket).getInt());
      if (payload != null) {
        message.setPayload(payload);
      }
    }
  }

  @Override
  public int read() throws IOException {
    if (!hasNext()) {
      return -1;
    }
    if (at < held.length) {
      return held[at++] & 0xff;
    }
    passing--;
    return in.read();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasNext()) {
      return -1;
    }
    if (at < held.length) {
      int n = Math.min(length, held.length - at);
      System.arraycopy(held, at, buffer, offset, n);
      at += n;
      return n;
    }
    int n = in.read(buffer, offset, (int) Math.min(length, passing));
    passing -= Math.max(n, 0);
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

  private boolean hasNext() throws IOException {
    return at < held.length || passing > 0 || nextPacket();
  }

  private boolean nextPacket() throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    ByteArrayOutputStream packet = new ByteArrayOutputStream(256);
    packet.write(first);
    long length = number(packet, LONGEST_LENGTH);
    if (length < 0) {
      hold(packet, Long.MAX_VALUE); // no MQTT: Paho says so
    } else if (first >> 4 == PUBLISH) {
      publish(packet, first, (int) length);
    } else {
      hold(packet, length);
    }
    return true;
  }

  private void publish(ByteArrayOutputStream packet, int first, int length) throws IOException {
    int begin = packet.size();
    int headers = variableHeader(packet, first, length);
    int rest = length - (packet.size() - begin);
    if (headers < 0) {
      hold(packet, rest);
      return;
    }
    byte[] variable = packet.toByteArray();
    byte[] payload = in.readNBytes(rest);
    if (payload.length < rest) {
      throw new EOFException("the broker hung up in the middle of a message");
    }
    payloads.put(++tickets, payload);
    packet.reset();
    packet.write(first);
    for (int left = headers + TICKET_BYTES; ; left >>= 7) {
      packet.write(left > 0x7f ? left & 0x7f | 0x80 : left);
      if (left <= 0x7f) {
        break;
      }
    }
    packet.write(variable, begin, headers);
    packet.writeBytes(ByteBuffer.allocate(TICKET_BYTES).putInt(tickets).array());
    hold(packet, 0);
  }

  /** Reads topic, packet id and properties; their length, or -1 where they do not fit. */
  private int variableHeader(ByteArrayOutputStream packet, int first, int length)
      throws IOException {
    int begin = packet.size();
    if (length < Short.BYTES) {
      return -1;
    }
    int topic = byteInto(packet) << 8 | byteInto(packet);
    int fixed = Short.BYTES + topic + ((first & 0x06) != 0 ? Short.BYTES : 0);
    if (fixed >= length) {
      return -1;
    }
    copy(packet, fixed - Short.BYTES);
    long properties = number(packet, Math.min(LONGEST_LENGTH, length - fixed));
    int read = packet.size() - begin;
    if (properties < 0 || read + properties > length) {
      return -1;
    }
    copy(packet, (int) properties);
    return read + (int) properties;
  }

  /** Reads a number of MQTT's variable length; -1 where it does not end in time. */
  private long number(ByteArrayOutputStream packet, int most) throws IOException {
    long number = 0;
    for (int i = 0; i < most; i++) {
      int digit = byteInto(packet);
      number |= (long) (digit & 0x7f) << (7 * i);
      if (digit < 0x80) {
        return number;
      }
    }
    return -1;
  }

  private int byteInto(ByteArrayOutputStream packet) throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the broker hung up in the middle of a packet");
    }
    packet.write(b);
    return b;
  }

  private void copy(ByteArrayOutputStream packet, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    packet.writeBytes(bytes);
    if (bytes.length < length) {
      throw new EOFException("the broker hung up in the middle of a packet");
    }
  }

  private void hold(ByteArrayOutputStream packet, long then) {
    held = packet.toByteArray();
    at = 0;
    passing = then;
  }
}
