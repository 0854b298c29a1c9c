// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.eclipse.paho.mqttv5.common.packet.util.CountingInputStream;
import org.junit.jupiter.api.Test;

/** Payloads that go round Paho's byte-wise copy. */
class PayloadCloakroomTest {

  private static final byte[] PINGRESP = {(byte) 0xd0, 0};

  /** When this fails, Paho reads in bulk again, and {@link PayloadCloakroom} can go. */
  @Test
  void pahoStillCopiesEachPayloadByteByByte() {
    assertThatThrownBy(
            () ->
                CountingInputStream.class.getDeclaredMethod(
                    "read", byte[].class, int.class, int.class))
        .as("Paho cured its payload copy: take PayloadCloakroom out of MqttTransport")
        .isInstanceOf(NoSuchMethodException.class);
  }

  @Test
  void everyPayloadComesBackToItsOwnMessage() throws Exception {
    Random random = new Random(7);
    int[] sizes = {0, 1, 3, 4, 5, 100, 127, 128, 2_600, 16_383, 16_384, 70_000, 2_100_000};
    for (int qos = 0; qos < 3; qos++) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      byte[][] payloads = new byte[sizes.length][];
      for (int i = 0; i < sizes.length; i++) {
        payloads[i] = new byte[sizes[i]];
        random.nextBytes(payloads[i]);
        sent.write(publish("gcid/WBY" + i, qos, i + 1, new byte[i == 5 ? 200 : 0], payloads[i]));
        sent.write(PINGRESP);
      }
      PayloadCloakroom room = new PayloadCloakroom(new ByteArrayInputStream(sent.toByteArray()));
      for (int i = 0; i < sizes.length; i++) {
        MqttPublish packet = (MqttPublish) MqttWireMessage.createWireMessage(nextPacket(room));
        assertThat(packet.getTopicName()).isEqualTo("gcid/WBY" + i);
        assertThat(packet.getQoS()).isEqualTo(qos);
        assertThat(packet.getMessageId()).isEqualTo(qos == 0 ? 0 : i + 1);
        MqttMessage message = packet.getMessage();
        assertThat(message.getPayload()).hasSize(4);
        room.give(message);
        assertThat(message.getPayload()).isEqualTo(payloads[i]);
        assertThat(nextPacket(room)).isEqualTo(PINGRESP);
      }
      assertThat(room.read()).isEqualTo(-1);
    }
  }

  @Test
  void anythingElsePassesAsItIs() throws IOException {
    byte[][] odd = {
      {}, // nothing
      {0x20, 3, 0, 0, 0}, // CONNACK
      {0x30, 0}, // PUBLISH without a topic
      {0x30, 3, 0, 9, 'x'}, // a topic longer than the packet
      {0x32, 4, 0, 1, 'x', 0}, // half a packet id
      {0x30, 4, 0, 1, 'x', 9}, // properties longer than the packet
      {0x30, 8, 0, 1, 'x', -1, -1, -1, -1, -1}, // a length that does not end
      {0x30, -1, -1, -1, -1, 1, 2, 3}, // nor does this
      {0x00, -1, -1, -1, -1, 1, 2, 3}
    };
    for (byte[] bytes : odd) {
      assertThat(new PayloadCloakroom(new ByteArrayInputStream(bytes)).readAllBytes())
          .isEqualTo(bytes);
    }
  }

  @Test
  void aPayloadOfFourBytesThatIsNoTicketIsLeftAlone() {
    MqttMessage message = new MqttMessage("true".getBytes(StandardCharsets.UTF_8));
    new PayloadCloakroom(InputStream.nullInputStream()).give(message);
    assertThat(message.getPayload()).asString().isEqualTo("true");
  }

  @Test
  void anEndInTheMiddleOfAPacketIsAnError() throws IOException {
    byte[] whole = publish("a/b", 1, 1, new byte[0], new byte[300]);
    for (int length = 1; length < whole.length; length++) {
      PayloadCloakroom room =
          new PayloadCloakroom(new ByteArrayInputStream(Arrays.copyOf(whole, length)));
      assertThatThrownBy(room::readAllBytes).isInstanceOf(EOFException.class);
    }
  }

  private static byte[] nextPacket(PayloadCloakroom room) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(room.read());
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int digit = room.read();
      packet.write(digit);
      length |= (digit & 0x7f) << shift;
      if (digit < 0x80) {
        break;
      }
    }
    packet.writeBytes(room.readNBytes(length));
    return packet.toByteArray();
  }

  private static byte[] publish(String topic, int qos, int id, byte[] reason, byte[] payload)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream body = new DataOutputStream(bytes);
    body.writeUTF(topic);
    if (qos > 0) {
      body.writeShort(id);
    }
    if (reason.length == 0) {
      body.write(0);
    } else {
      // A content type, long enough that the properties' length takes two bytes.
      Arrays.fill(reason, (byte) 'c');
      length(body, reason.length + 3);
      body.write(3);
      body.writeShort(reason.length);
      body.write(reason);
    }
    body.write(payload);
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(0x30 | qos << 1);
    length(new DataOutputStream(packet), bytes.size());
    packet.writeBytes(bytes.toByteArray());
    return packet.toByteArray();
  }

  private static void length(DataOutputStream out, int length) throws IOException {
    for (int left = length; ; left >>= 7) {
      out.write(left > 0x7f ? left & 0x7f | 0x80 : left);
      if (left <= 0x7f) {
        return;
      }
    }
  }
}
