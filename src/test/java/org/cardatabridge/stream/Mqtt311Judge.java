// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Netty's MQTT codec, of which nothing here is made, says what bytes mean. */
final class Mqtt311Judge {

  private Mqtt311Judge() {}

  /** The bytes of packets in MQTT 3.1.1, as Netty writes them. */
  static byte[] encode(List<? extends MqttMessage> packets) {
    EmbeddedChannel channel = new EmbeddedChannel(MqttEncoder.INSTANCE);
    ByteBuf all = Unpooled.buffer();
    for (MqttMessage packet : packets) {
      channel.writeOutbound(packet);
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        all.writeBytes(part);
        part.release();
      }
    }
    channel.finishAndReleaseAll();
    return ByteBufUtil.getBytes(all);
  }

  /** The packets that are in bytes, as Netty reads them in a version. */
  static List<MqttMessage> decode(byte[] bytes, MqttVersion version) {
    EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(10_000_000));
    channel.attr(AttributeKey.<MqttVersion>valueOf("NETTY_CODEC_MQTT_VERSION")).set(version);
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    List<MqttMessage> packets = new ArrayList<>();
    for (MqttMessage next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (next.decoderResult().isFailure()) {
        throw new AssertionError("Netty does not take it", next.decoderResult().cause());
      }
      packets.add(next);
    }
    channel.finish();
    return packets;
  }

  /** A stream that hands over between one and a few bytes at a time. */
  static InputStream inSmallParts(byte[] bytes, long seed) {
    Random random = new Random(seed);
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] buffer, int offset, int length) {
        return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(7)));
      }

      @Override
      public byte[] readAllBytes() {
        throw new UnsupportedOperationException("would not be in parts");
      }

      @Override
      public synchronized int available() {
        return 0;
      }
    };
  }
}
