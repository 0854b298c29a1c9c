// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.cardatabridge.testing.Trust;

/** MQTT 3.1.1 and 5 written out byte by byte, for what a client library hides. */
final class RawMqtt implements AutoCloseable {

  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int SUBACK = 9;
  static final int UNSUBACK = 11;
  static final int PINGRESP = 13;
  static final int DISCONNECT = 14;

  /** One packet as it came. */
  record Packet(int type, int flags, byte[] body) {
    int at(int index) {
      return body[index] & 0xFF;
    }

    boolean isAgain() {
      return (flags & 8) != 0;
    }

    int qos() {
      return flags >> 1 & 3;
    }
  }

  private final SSLSocket socket;
  private final DataInputStream in;
  private final int level;

  RawMqtt(Simulator simulator, int level, String... tlsProtocols) throws Exception {
    this(
        simulator.streamHost(),
        simulator.streamPort(),
        Trust.in(simulator.caFile()),
        level,
        tlsProtocols);
  }

  RawMqtt(String host, int port, SSLContext tls, int level, String... tlsProtocols)
      throws Exception {
    this.level = level;
    socket = (SSLSocket) tls.getSocketFactory().createSocket(host, port);
    socket.setSoTimeout(40_000);
    socket.setTcpNoDelay(true);
    if (tlsProtocols.length > 0) {
      socket.setEnabledProtocols(tlsProtocols);
    }
    socket.startHandshake();
    in = new DataInputStream(socket.getInputStream());
  }

  String tlsProtocol() {
    return socket.getSession().getProtocol();
  }

  void timeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** Sends CONNECT and gives the answer. */
  Packet connect(String clientId, String user, String password, boolean clean, int... properties)
      throws IOException {
    sendConnect(clientId, user, password, clean, properties);
    return read();
  }

  /** Sends CONNECT; properties are bytes for MQTT 5. */
  void sendConnect(String clientId, String user, String password, boolean clean, int... properties)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, "MQTT");
    body.write(level);
    body.write((user == null ? 0 : 0xC0) | (clean ? 2 : 0));
    body.write(0);
    body.write(30);
    properties(body, properties);
    text(body, clientId);
    if (user != null) {
      text(body, user);
      text(body, password);
    }
    write(0x10, body);
  }

  /** Sends SUBSCRIBE with packet id 1 and gives the answer. */
  Packet subscribe(int qos, String... filters) throws IOException {
    sendSubscribe(qos, filters);
    return read();
  }

  void sendSubscribe(int qos, String... filters) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0);
    body.write(1);
    properties(body);
    for (String filter : filters) {
      text(body, filter);
      body.write(qos);
    }
    write(0x82, body);
  }

  Packet unsubscribe(String filter) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0);
    body.write(2);
    properties(body);
    text(body, filter);
    write(0xA2, body);
    return read();
  }

  void publish(String topic) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, topic);
    properties(body);
    write(0x30, body);
  }

  void acknowledge(int packetId) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(packetId >> 8);
    body.write(packetId);
    write(0x40, body);
  }

  /** Packet id of a PUBLISH at QoS 1. */
  static int packetId(Packet publish) {
    int topic = publish.at(0) << 8 | publish.at(1);
    return publish.at(2 + topic) << 8 | publish.at(3 + topic);
  }

  void ping() throws IOException {
    write(0xC0, new ByteArrayOutputStream());
  }

  void disconnect() throws IOException {
    write(0xE0, new ByteArrayOutputStream());
  }

  private void properties(ByteArrayOutputStream body, int... bytes) {
    if (level >= 5) {
      body.write(bytes.length);
      for (int b : bytes) {
        body.write(b);
      }
    }
  }

  private static void text(ByteArrayOutputStream body, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    body.write(bytes.length >> 8);
    body.write(bytes.length);
    body.writeBytes(bytes);
  }

  private void write(int first, ByteArrayOutputStream body) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(first);
    int left = body.size();
    do {
      int digit = left % 128;
      left /= 128;
      packet.write(left > 0 ? digit | 128 : digit);
    } while (left > 0);
    body.writeTo(packet);
    socket.getOutputStream().write(packet.toByteArray());
    socket.getOutputStream().flush();
  }

  /** The next packet; throws when the connection ends or nothing comes in time. */
  Packet read() throws IOException {
    int first = in.readUnsignedByte();
    int length = 0;
    int shift = 0;
    int digit;
    do {
      digit = in.readUnsignedByte();
      length |= (digit & 127) << shift;
      shift += 7;
    } while ((digit & 128) != 0);
    byte[] body = new byte[length];
    in.readFully(body);
    return new Packet(first >> 4, first & 15, body);
  }

  /** Whether the peer closed the connection in an orderly way. */
  boolean isClosedByPeer() throws IOException {
    try {
      read();
      return false;
    } catch (EOFException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
