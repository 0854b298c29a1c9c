// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.eclipse.paho.mqttv5.common.packet.MqttPubRel;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttUnsubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.junit.jupiter.api.Test;

/** What a broker says in MQTT 3.1.1, made MQTT 5. */
class Mqtt311InputTest {

  @Provide
  Arbitrary<MqttMessage> packet() {
    Arbitrary<Integer> id = Arbitraries.integers().between(1, 65_535);
    Arbitrary<MqttMessage> publish =
        Combinators.combine(
                id,
                Arbitraries.strings().alpha().numeric().withChars("/äß…").ofMaxLength(300),
                Arbitraries.integers().between(0, 2),
                Arbitraries.of(true, false),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(400))
            .as(
                (n, topic, qos, flag, payload) ->
                    new MqttPublishMessage(
                        new MqttFixedHeader(
                            MqttMessageType.PUBLISH,
                            flag && qos > 0,
                            MqttQoS.valueOf(qos),
                            !flag,
                            0),
                        new MqttPublishVariableHeader(topic, n),
                        Unpooled.wrappedBuffer(payload)));
    Arbitrary<MqttMessage> connack =
        Combinators.combine(Arbitraries.integers().between(0, 5), Arbitraries.of(true, false))
            .as(
                (code, present) ->
                    MqttMessageBuilders.connAck()
                        .returnCode(MqttConnectReturnCode.valueOf(code.byteValue()))
                        .sessionPresent(present)
                        .build());
    Arbitrary<MqttMessage> suback =
        Combinators.combine(
                id,
                Arbitraries.of(MqttQoS.AT_MOST_ONCE, MqttQoS.AT_LEAST_ONCE, MqttQoS.FAILURE)
                    .array(MqttQoS[].class)
                    .ofMinSize(1)
                    .ofMaxSize(200))
            .as(
                (n, codes) ->
                    MqttMessageBuilders.subAck().packetId(n).addGrantedQoses(codes).build());
    Arbitrary<MqttMessage> acknowledgement =
        Combinators.combine(
                id,
                Arbitraries.of(
                    MqttMessageType.PUBACK,
                    MqttMessageType.PUBREC,
                    MqttMessageType.PUBREL,
                    MqttMessageType.PUBCOMP,
                    MqttMessageType.UNSUBACK))
            .as((n, type) -> new MqttMessage(header(type), MqttMessageIdVariableHeader.from(n)));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(6, publish),
        net.jqwik.api.Tuple.of(1, connack),
        net.jqwik.api.Tuple.of(1, suback),
        net.jqwik.api.Tuple.of(2, acknowledgement),
        net.jqwik.api.Tuple.of(1, Arbitraries.just(MqttMessage.PINGRESP)));
  }

  private static MqttFixedHeader header(MqttMessageType type) {
    MqttQoS qos = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
    return new MqttFixedHeader(type, false, qos, false, 2);
  }

  @Property(tries = 300)
  void nettyReadsInMqtt5WhatItWroteInMqtt311(
      @ForAll("packet") MqttMessage packet, @ForAll("packet") MqttMessage next, @ForAll long seed)
      throws IOException {
    byte[] sent = Mqtt311Judge.encode(List.of(packet, next));
    List<MqttMessage> expected = Mqtt311Judge.decode(sent, MqttVersion.MQTT_3_1_1);
    byte[] read = inParts(new Mqtt311Input(Mqtt311Judge.inSmallParts(sent, seed)), seed);
    List<MqttMessage> got = Mqtt311Judge.decode(read, MqttVersion.MQTT_5);
    assertThat(got).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertSame(expected.get(i), got.get(i));
    }
  }

  private static byte[] inParts(InputStream in, long seed) throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[9];
    for (int n = 0; n >= 0; ) {
      if (random.nextBoolean()) {
        n = in.read();
        if (n >= 0) {
          all.write(n);
        }
      } else {
        n = in.read(buffer, 2, random.nextInt(8));
        all.write(buffer, 2, Math.max(n, 0));
      }
    }
    return all.toByteArray();
  }

  private static void assertSame(MqttMessage expected, MqttMessage got) {
    assertThat(got.fixedHeader().messageType()).isEqualTo(expected.fixedHeader().messageType());
    assertThat(got.fixedHeader().qosLevel()).isEqualTo(expected.fixedHeader().qosLevel());
    assertThat(got.fixedHeader().isRetain()).isEqualTo(expected.fixedHeader().isRetain());
    assertThat(got.fixedHeader().isDup()).isEqualTo(expected.fixedHeader().isDup());
    if (got instanceof MqttPublishMessage five && expected instanceof MqttPublishMessage old) {
      assertThat(five.variableHeader().topicName()).isEqualTo(old.variableHeader().topicName());
      assertThat(five.variableHeader().packetId()).isEqualTo(old.variableHeader().packetId());
      assertThat(five.variableHeader().properties().isEmpty()).isTrue();
      assertThat(ByteBufUtil.getBytes(five.payload()))
          .isEqualTo(ByteBufUtil.getBytes(old.payload()));
    } else if (got instanceof MqttConnAckMessage five
        && expected instanceof MqttConnAckMessage old) {
      assertThat(five.variableHeader().isSessionPresent())
          .isEqualTo(old.variableHeader().isSessionPresent());
      assertThat(five.variableHeader().connectReturnCode().byteValue() & 0xff)
          .isEqualTo(
              List.of(0, 132, 133, 136, 134, 135)
                  .get(old.variableHeader().connectReturnCode().byteValue()));
      assertThat(five.variableHeader().properties().isEmpty()).isTrue();
    } else if (got instanceof MqttSubAckMessage five && expected instanceof MqttSubAckMessage old) {
      assertThat(five.variableHeader().messageId()).isEqualTo(old.variableHeader().messageId());
      assertThat(five.payload().reasonCodes()).isEqualTo(old.payload().reasonCodes());
    } else if (got instanceof MqttUnsubAckMessage five
        && expected instanceof MqttUnsubAckMessage old) {
      assertThat(five.variableHeader().messageId()).isEqualTo(old.variableHeader().messageId());
      assertThat(five.payload().unsubscribeReasonCodes()).containsExactly((short) 0);
    } else if (expected.variableHeader() instanceof MqttMessageIdVariableHeader old) {
      assertThat(((MqttMessageIdVariableHeader) got.variableHeader()).messageId())
          .isEqualTo(old.messageId());
    } else {
      assertThat(got.fixedHeader().messageType()).isEqualTo(MqttMessageType.PINGRESP);
    }
  }

  @Property(tries = 2000)
  void garbageIsAnIoExceptionOrAnEndAndNothingElse(
      @ForAll @Size(max = 60) byte[] tail, @ForAll("beginnings") int first, @ForAll long seed) {
    byte[] bytes = new byte[tail.length + 1];
    bytes[0] = (byte) first;
    System.arraycopy(tail, 0, bytes, 1, tail.length);
    try {
      byte[] read = inParts(new Mqtt311Input(Mqtt311Judge.inSmallParts(bytes, seed)), seed);
      assertThat(read.length).isLessThan(5 * bytes.length);
    } catch (IOException e) {
      assertThat(e).isInstanceOfAny(ProtocolException.class, EOFException.class);
    }
  }

  @Provide
  Arbitrary<Integer> beginnings() {
    return Arbitraries.oneOf(
        Arbitraries.of(0x20, 0x30, 0x32, 0x34, 0x40, 0x50, 0x62, 0x70, 0x90, 0xB0, 0xD0),
        Arbitraries.integers().between(0, 255));
  }

  @Test
  void whatNoBrokerMaySayIsAnErrorThatSaysSo() {
    byte[][] wrong = {
      {0x20, 2, 0, 6}, // no such code
      {0x20, 2, 2, 0}, // no such flag
      {0x20, 1, 0},
      {0x20, 3, 0, 0, 0}, // a yes in MQTT 5
      {0x20, 4, 0, (byte) 0x84, 0, 0}, // properties that do not fit
      {0x20, 3, 0, (byte) 0x84, -1},
      {0x21, 2, 0, 0},
      {0x30, 0},
      {0x30, 1, 0},
      {0x36, 3, 0, 1, 'x'}, // QoS 3
      {0x30, 2, 0, 1}, // no room for the topic
      {0x32, 4, 0, 1, 'x', 0}, // nor for the packet id
      {0x32, 5, 0, 1, 'x', 0, 0}, // packet id 0
      {0x30, -1, -1, -1, 0x7f, 0, 1, 'x'}, // longer than it can be with properties
      {0x30, -1, -1, -1, -1, 1},
      {0x40, 3, 0, 1, 0},
      {0x60, 2, 0, 1}, // PUBREL has flags
      {(byte) 0x90, 2, 0, 1},
      {(byte) 0x90, 3, 0, 1, 3},
      {(byte) 0x90, -1, -1, 1}, // an answer for 32,000 filters
      {(byte) 0xB0, 3, 0, 1, 0},
      {(byte) 0xD0, 1, 0},
      {(byte) 0xE0, 0}, // only MQTT 5 has a DISCONNECT of the server
      {(byte) 0x82, 0}
    };
    for (byte[] bytes : wrong) {
      assertThatThrownBy(
              () -> new Mqtt311Input(new ByteArrayInputStream(bytes)).readAllBytes(),
              Arrays.toString(bytes))
          .isInstanceOf(ProtocolException.class)
          .hasMessageStartingWith("no MQTT 3.1.1: ");
    }
  }

  @Test
  void anEndInTheMiddleOfAPacketIsAnError() {
    byte[] whole =
        Mqtt311Judge.encode(
            List.of(
                MqttMessageBuilders.publish()
                    .messageId(7)
                    .topicName("a/b")
                    .qos(MqttQoS.AT_LEAST_ONCE)
                    .payload(Unpooled.wrappedBuffer(new byte[300]))
                    .build()));
    for (int length = 1; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> new Mqtt311Input(new ByteArrayInputStream(part)).readAllBytes())
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aServerOfMqtt5RefusesInItsOwnWords() throws IOException {
    byte[] reason = "only MQTT 5".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream connack = new ByteArrayOutputStream();
    connack.writeBytes(new byte[] {0x20, (byte) (6 + reason.length), 0, (byte) 0x84});
    connack.writeBytes(new byte[] {(byte) (3 + reason.length), 0x1f, 0, (byte) reason.length});
    connack.writeBytes(reason);
    byte[] same = new Mqtt311Input(new ByteArrayInputStream(connack.toByteArray())).readAllBytes();
    assertThat(same).isEqualTo(connack.toByteArray());
    byte[] bare =
        new Mqtt311Input(new ByteArrayInputStream(new byte[] {0x20, 2, 0, (byte) 0x87}))
            .readAllBytes();
    assertThat(bare).containsExactly(0x20, 3, 0, 0x87, 0);
  }

  @Test
  void pahoTakesWhatMqtt5MayLeaveOut() throws Exception {
    byte[] bytes = {0x62, 2, 1, 2, (byte) 0xB0, 2, 1, 2, 0x3A, 6, 0, 1, 'x', 1, 2, 'y'};
    InputStream in = new Mqtt311Input(new ByteArrayInputStream(bytes));
    MqttWireMessage release = MqttWireMessage.createWireMessage(in.readNBytes(4));
    assertThat(release).isInstanceOf(MqttPubRel.class);
    assertThat(release.getMessageId()).isEqualTo(0x0102);
    MqttWireMessage unsubscribed = MqttWireMessage.createWireMessage(in.readNBytes(6));
    assertThat(unsubscribed).isInstanceOf(MqttUnsubAck.class);
    assertThat(unsubscribed.getMessageId()).isEqualTo(0x0102);
    MqttWireMessage again = MqttWireMessage.createWireMessage(in.readNBytes(9));
    assertThat(again).isInstanceOf(MqttPublish.class);
    assertThat(((MqttPublish) again).getMessage()).asString().isEqualTo("y");
  }

  @Test
  void aLongPayloadIsNotHeld() throws IOException {
    int length = 200_000_000;
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(0x30);
    PacketLength.write(head, length + 3);
    head.writeBytes(new byte[] {0, 1, 'x'});
    InputStream endless =
        new InputStream() {
          private final InputStream begin = new ByteArrayInputStream(head.toByteArray());

          @Override
          public int read() throws IOException {
            return Math.max(begin.read(), 0);
          }

          @Override
          public int read(byte[] buffer, int offset, int count) throws IOException {
            int n = begin.read(buffer, offset, count);
            return n < 0 ? count : n;
          }
        };
    Mqtt311Input in = new Mqtt311Input(endless);
    byte[] buffer = new byte[65_536];
    long read = 0;
    while (read < length) {
      read += in.read(buffer, 0, buffer.length);
    }
    assertThat(in.available()).isZero();
  }
}
