// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Writes publications as MQTT 3.1.1 has them on the wire, many into one buffer: Netty's own encoder
 * takes an object and two buffers for each. Stateless.
 */
final class PublishPacket {

  private static final int PUBLISH = 0x30;
  private static final int RETAIN = 0x01;

  private PublishPacket() {}

  /** Appends one; the packet id is left out at QoS 0. */
  static void append(ByteBuf out, Publication publication, int id) {
    String topic = publication.topic();
    byte[] payload = publication.payload();
    int qos = publication.qos();
    int topicBytes = ByteBufUtil.utf8Bytes(topic);
    int length = Short.BYTES + topicBytes + (qos > 0 ? Short.BYTES : 0) + payload.length;
    out.writeByte(PUBLISH | qos << 1 | (publication.retain() ? RETAIN : 0));
    while (length > 0x7f) {
      out.writeByte(length & 0x7f | 0x80);
      length >>>= 7;
    }
    out.writeByte(length);
    out.writeShort(topicBytes);
    ByteBufUtil.reserveAndWriteUtf8(out, topic, topicBytes);
    if (qos > 0) {
      out.writeShort(id);
    }
    out.writeBytes(payload);
  }
}
