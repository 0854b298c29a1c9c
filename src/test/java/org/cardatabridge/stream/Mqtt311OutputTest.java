// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttDisconnect;
import org.eclipse.paho.mqttv5.common.packet.MqttPingReq;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttPubComp;
import org.eclipse.paho.mqttv5.common.packet.MqttPubRec;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttSubscribe;
import org.eclipse.paho.mqttv5.common.packet.MqttUnsubscribe;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.junit.jupiter.api.Test;

/** What Paho says in MQTT 5, made MQTT 3.1.1. */
class Mqtt311OutputTest {

  /** Packets as Paho makes them, given to the stream in parts of random sizes. */
  private static List<MqttMessage> said(long seed, MqttWireMessage... packets)
      throws MqttException, IOException {
    ByteArrayOutputStream five = new ByteArrayOutputStream();
    for (MqttWireMessage packet : packets) {
      five.write(packet.getHeader());
      five.write(packet.getPayload());
    }
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    Mqtt311Output out = new Mqtt311Output(sent);
    Random random = new Random(seed);
    byte[] bytes = five.toByteArray();
    for (int at = 0; at < bytes.length; ) {
      if (random.nextBoolean()) {
        out.write(bytes[at++]);
      } else {
        int count = Math.min(random.nextInt(60), bytes.length - at);
        out.write(bytes, at, count);
        at += count;
      }
    }
    return Mqtt311Judge.decode(sent.toByteArray(), MqttVersion.MQTT_3_1_1);
  }

  @Property(tries = 300)
  void nettyReadsTheSameConnectAndSubscriptions(
      @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 200) String clientId,
      @ForAll boolean cleanStart,
      @ForAll @IntRange(min = 1, max = 65_535) int keepAlive,
      @ForAll boolean withUser,
      @ForAll boolean withPassword,
      @ForAll @Size(min = 1, max = 9)
          List<@AlphaChars @StringLength(min = 1, max = 60) String> filters,
      @ForAll @IntRange(max = 2) int qos,
      @ForAll @IntRange(min = 1, max = 65_535) int id,
      @ForAll long seed)
      throws MqttException, IOException {
    MqttProperties properties = new MqttProperties();
    properties.setSessionExpiryInterval(604_800L);
    properties.setReceiveMaximum(256);
    MqttConnect connect =
        new MqttConnect(clientId, 5, cleanStart, keepAlive, properties, new MqttProperties());
    if (withUser) {
      connect.setUserName("user");
      if (withPassword) {
        connect.setPassword("secret".getBytes(StandardCharsets.UTF_8));
      }
    }
    MqttSubscribe subscribe =
        new MqttSubscribe(
            filters.stream()
                .map(filter -> subscription(filter, qos))
                .toArray(MqttSubscription[]::new),
            new MqttProperties());
    subscribe.setMessageId(id);
    MqttUnsubscribe unsubscribe =
        new MqttUnsubscribe(filters.toArray(String[]::new), new MqttProperties());
    unsubscribe.setMessageId(id);

    List<MqttMessage> said = said(seed, connect, subscribe, unsubscribe);

    assertThat(said).hasSize(3);
    MqttConnectMessage connected = (MqttConnectMessage) said.get(0);
    assertThat(connected.variableHeader().version()).isEqualTo(4);
    assertThat(connected.variableHeader().name()).isEqualTo("MQTT");
    assertThat(connected.variableHeader().isCleanSession()).isEqualTo(cleanStart);
    assertThat(connected.variableHeader().isWillFlag()).isFalse();
    assertThat(connected.variableHeader().keepAliveTimeSeconds()).isEqualTo(keepAlive);
    assertThat(connected.payload().clientIdentifier()).isEqualTo(clientId);
    assertThat(connected.payload().userName()).isEqualTo(withUser ? "user" : null);
    assertThat(connected.payload().passwordInBytes())
        .isEqualTo(withUser && withPassword ? "secret".getBytes(StandardCharsets.UTF_8) : null);
    MqttSubscribeMessage subscribed = (MqttSubscribeMessage) said.get(1);
    assertThat(subscribed.variableHeader().messageId()).isEqualTo(id);
    assertThat(subscribed.payload().topicSubscriptions())
        .extracting(MqttTopicSubscription::topicFilter)
        .isEqualTo(filters);
    assertThat(subscribed.payload().topicSubscriptions())
        .allMatch(each -> each.qualityOfService().value() == qos);
    MqttUnsubscribeMessage left = (MqttUnsubscribeMessage) said.get(2);
    assertThat(left.payload().topics()).isEqualTo(filters);
  }

  private static MqttSubscription subscription(String filter, int qos) {
    MqttSubscription subscription = new MqttSubscription(filter, qos);
    subscription.setNoLocal(true);
    subscription.setRetainAsPublished(true);
    subscription.setRetainHandling(2);
    return subscription;
  }

  @Property(tries = 100)
  void acknowledgementsPingsAndGoodbyesLoseTheirReasonsOnly(
      @ForAll @IntRange(min = 1, max = 65_535) int id, @ForAll long seed)
      throws MqttException, IOException {
    MqttProperties properties = new MqttProperties();
    properties.setReasonString("because");
    MqttDisconnect goodbye = new MqttDisconnect(4, properties);
    MqttPubRec received = new MqttPubRec(0, id, properties);
    MqttPubComp complete = new MqttPubComp(0, id, properties);
    MqttPubAck acknowledged = new MqttPubAck(0, id, properties);
    List<MqttMessage> said =
        said(seed, acknowledged, received, new MqttPingReq(), complete, goodbye);
    assertThat(said)
        .extracting(each -> each.fixedHeader().messageType())
        .containsExactly(
            MqttMessageType.PUBACK,
            MqttMessageType.PUBREC,
            MqttMessageType.PINGREQ,
            MqttMessageType.PUBCOMP,
            MqttMessageType.DISCONNECT);
    assertThat(said)
        .extracting(each -> each.fixedHeader().remainingLength())
        .containsExactly(2, 2, 0, 2, 0);
    for (int i : new int[] {0, 1, 3}) {
      assertThat(((MqttMessageIdVariableHeader) said.get(i).variableHeader()).messageId())
          .isEqualTo(id);
    }
  }

  @Property(tries = 2000)
  void garbageIsAnIoExceptionAndNothingElse(
      @ForAll @Size(max = 60) byte[] bytes, @ForAll @IntRange(max = 15) int type) {
    byte[] all = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, 0, all, 1, bytes.length);
    all[0] = (byte) (type << 4 | (type == 8 || type == 10 || type == 6 ? 2 : 0));
    try {
      new Mqtt311Output(new ByteArrayOutputStream()).write(all, 0, all.length);
    } catch (IOException e) {
      assertThat(e).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void whatMqtt311OrASubscriberCannotSayIsRefused() throws MqttException {
    MqttConnect will =
        new MqttConnect("id", 5, true, 30, new MqttProperties(), new MqttProperties());
    will.setWillDestination("a");
    will.setWillMessage(new org.eclipse.paho.mqttv5.common.MqttMessage(new byte[1]));
    MqttConnect older =
        new MqttConnect("id", 4, true, 30, new MqttProperties(), new MqttProperties());
    MqttConnect password =
        new MqttConnect("id", 5, true, 30, new MqttProperties(), new MqttProperties());
    password.setPassword(new byte[] {1});
    MqttPublish message =
        new MqttPublish(
            "a", new org.eclipse.paho.mqttv5.common.MqttMessage(new byte[1]), new MqttProperties());
    for (MqttWireMessage packet : List.of(will, older, password, message)) {
      assertThatThrownBy(() -> said(1, packet), packet.getClass().getSimpleName())
          .isInstanceOf(ProtocolException.class)
          .hasMessageStartingWith("not to be said in MQTT 3.1.1: ");
    }
  }

  @Test
  void aPacketGoesOutWithItsLastByteAndManyInOneWrite() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    int[] writes = {0};
    Mqtt311Output out =
        new Mqtt311Output(
            new java.io.FilterOutputStream(sent) {
              @Override
              public void write(byte[] bytes) throws IOException {
                writes[0]++;
                out.write(bytes, 0, bytes.length);
              }
            });
    byte[] acknowledgements = {0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0};
    out.write(acknowledgements, 0, acknowledgements.length);
    assertThat(sent.toByteArray()).containsExactly(0x40, 2, 0, 1, 0x40, 2, 0, 2);
    assertThat(writes[0]).isEqualTo(1);
    out.write(3);
    assertThat(sent.toByteArray()).endsWith(0x40, 2, 0, 3);
  }

  @Test
  void aPacketThatNeverEndsIsNotCollected() {
    byte[] begin = {0x10, -1, -1, -1, 0x7f};
    assertThatThrownBy(
            () -> new Mqtt311Output(new ByteArrayOutputStream()).write(begin, 0, begin.length))
        .isInstanceOf(ProtocolException.class);
  }
}
