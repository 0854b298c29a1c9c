// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Logs in at the local broker once and publishes one message, on a connection of its own. It speaks
 * MQTT 5, as a broker that is asked in 3.1.1 drops what it does not allow without a word.
 */
public final class BrokerProbe {

  /** How it went. */
  public enum Kind {
    /** The message was taken. */
    FINE,
    /** It answers, but speaks 3.1.1 only, in which it would not say what it refuses. */
    OLD,
    /** No answer, or no TLS. */
    UNREACHABLE,
    /** It does not let us in. */
    LOGIN_REFUSED,
    /** It lets us in and does not let us publish there. */
    PUBLISH_REFUSED
  }

  /**
   * How it went.
   *
   * @param detail the broker's word, or why there was none; never null
   */
  public record Outcome(Kind kind, String detail) {}

  private static final int PACKET_ID = 1;
  private static final int FIRST_REFUSAL = 0x80;

  private BrokerProbe() {}

  /**
   * Looks; within the patience.
   *
   * @param topic gets one message without content, at QoS 1 and not retained
   * @throws InterruptedException when interrupted while the broker is waited for
   */
  public static Outcome look(BrokerSettings broker, String topic, Duration patience)
      throws InterruptedException {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    NioEventLoopGroup group =
        new NioEventLoopGroup(1, new DefaultThreadFactory("doctor-mqtt", true));
    try {
      ChannelFuture connecting =
          new Wire(broker).bootstrap(group, new Talk(broker, topic, outcome)).connect();
      connecting.addListener(
          done -> {
            if (!done.isSuccess()) {
              outcome.complete(unreachable(done.cause()));
            }
          });
      return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Outcome(Kind.UNREACHABLE, "no answer within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      return unreachable(e.getCause());
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static Outcome unreachable(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return new Outcome(Kind.UNREACHABLE, said);
  }

  /** CONNECT, PUBLISH, DISCONNECT. On the loop's thread. */
  private static final class Talk extends SimpleChannelInboundHandler<MqttMessage> {

    private final BrokerSettings broker;
    private final String topic;
    private final CompletableFuture<Outcome> outcome;
    private boolean isIn;

    Talk(BrokerSettings broker, String topic, CompletableFuture<Outcome> outcome) {
      this.broker = broker;
      this.topic = topic;
      this.outcome = outcome;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (!broker.isWebSocket()) {
        connect(context.channel());
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        connect(context.channel());
      }
    }

    private void connect(Channel channel) {
      MqttMessageBuilders.ConnectBuilder connect =
          MqttMessageBuilders.connect()
              .protocolVersion(MqttVersion.MQTT_5)
              .clientId(broker.clientId())
              .cleanSession(true)
              .keepAlive((int) broker.keepAlive().toSeconds());
      if (broker.username() != null) {
        connect.username(broker.username());
      }
      if (broker.password() != null) {
        connect.password(broker.password().getBytes(StandardCharsets.UTF_8));
      }
      channel.writeAndFlush(connect.build());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
      if (message.decoderResult().isFailure()) {
        end(context, isIn ? Kind.FINE : Kind.OLD, "");
      } else if (message instanceof MqttConnAckMessage connack) {
        answered(context, connack.variableHeader().connectReturnCode());
      } else if (message.fixedHeader().messageType() == MqttMessageType.PUBACK) {
        int code =
            message.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply
                ? reply.reasonCode() & 0xFF
                : 0;
        end(context, code >= FIRST_REFUSAL ? Kind.PUBLISH_REFUSED : Kind.FINE, "code " + code);
      } else if (message.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
        end(context, isIn ? Kind.PUBLISH_REFUSED : Kind.LOGIN_REFUSED, "it hung up");
      }
    }

    private void answered(ChannelHandlerContext context, MqttConnectReturnCode code) {
      switch (code) {
        case CONNECTION_ACCEPTED -> {
          isIn = true;
          context.writeAndFlush(
              MqttMessageBuilders.publish()
                  .topicName(topic)
                  .qos(MqttQoS.AT_LEAST_ONCE)
                  .retained(false)
                  .messageId(PACKET_ID)
                  .payload(context.alloc().buffer(0))
                  .build());
        }
        case CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
            CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION ->
            end(context, Kind.OLD, "");
        default ->
            end(
                context,
                Kind.LOGIN_REFUSED,
                code.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
      }
    }

    private void end(ChannelHandlerContext context, Kind kind, String detail) {
      outcome.complete(new Outcome(kind, detail));
      if (isIn) {
        context.writeAndFlush(MqttMessageBuilders.disconnect().reasonCode((byte) 0).build());
      }
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      // An old broker may hang up on whoever speaks MQTT 5.
      outcome.complete(
          isIn
              ? new Outcome(Kind.PUBLISH_REFUSED, "it hung up")
              : new Outcome(Kind.UNREACHABLE, "it hung up"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      outcome.complete(unreachable(cause));
      context.close();
    }
  }
}
