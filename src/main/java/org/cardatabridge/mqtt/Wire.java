// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.cardatabridge.settings.BadSettingException;

/** The layers between a socket and MQTT packets: TLS, WebSocket, codec, idle clock. */
final class Wire {

  /** The largest packet taken from the broker; it only ever sends what the bridge once retained. */
  private static final int MAX_PACKET_BYTES = 64 << 20;

  private static final int CONNECT_MILLIS = 10_000;

  private final BrokerSettings broker;
  private final SslContext tls;

  /** Reads the key files, so that a wrong one is told at the start. */
  Wire(BrokerSettings broker) {
    this.broker = broker;
    this.tls = broker.isTls() ? tls(broker) : null;
  }

  private static SslContext tls(BrokerSettings broker) {
    try {
      SslContextBuilder builder = SslContextBuilder.forClient();
      if (broker.caFile() != null) {
        builder.trustManager(broker.caFile().toFile());
      }
      if (broker.certFile() != null) {
        builder.keyManager(broker.certFile().toFile(), broker.keyFile().toFile());
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new BadSettingException(
          "preparing TLS to "
              + broker.url()
              + ": "
              + e
              + " — check ca-file, client-cert-file and client-key-file; all are PEM, the key is"
              + " not encrypted");
    }
  }

  /** A bootstrap whose channels end in the handler; connect it to the broker's host and port. */
  Bootstrap bootstrap(EventLoopGroup group, ChannelHandler handler) {
    return new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.TCP_NODELAY, true)
        .remoteAddress(broker.host(), broker.port())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                layers(channel);
                channel.pipeline().addLast(handler);
              }
            });
  }

  /** Puts the layers into the channel, below what is added later. */
  void layers(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    if (tls != null) {
      SslHandler handler = tls.newHandler(channel.alloc(), broker.host(), broker.port());
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      handler.engine().setSSLParameters(parameters);
      pipeline.addLast(handler);
    }
    if (broker.isWebSocket()) {
      pipeline.addLast(new HttpClientCodec(), new HttpObjectAggregator(1 << 16));
      pipeline.addLast(
          new WebSocketClientProtocolHandler(
              uriForNetty(), WebSocketVersion.V13, "mqtt", true, hostHeaders(), MAX_PACKET_BYTES));
      pipeline.addLast(new WebSocketFrameAggregator(MAX_PACKET_BYTES), new Frames());
    }
    pipeline.addLast(MqttEncoder.INSTANCE, new MqttDecoder(MAX_PACKET_BYTES));
    long quiet = broker.keepAlive().toMillis() / 2;
    pipeline.addLast(new IdleStateHandler(quiet, 0, 0, TimeUnit.MILLISECONDS));
  }

  /** Netty takes path and Host header from it, the latter unless {@link #hostHeaders} has it. */
  private URI uriForNetty() {
    URI uri = URI.create(broker.url());
    return uri.getHost() != null
        ? uri
        : URI.create(broker.scheme() + "://localhost:" + broker.port() + broker.path());
  }

  private HttpHeaders hostHeaders() {
    return new DefaultHttpHeaders().set(HttpHeaderNames.HOST, hostHeader());
  }

  private String hostHeader() {
    String name = broker.host().contains(":") ? "[" + broker.host() + "]" : broker.host();
    boolean usual = broker.port() == (broker.isTls() ? 443 : 80);
    return usual ? name : name + ":" + broker.port();
  }

  /** MQTT's bytes as binary frames. */
  private static final class Frames extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {

    @Override
    protected void encode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
      out.add(new BinaryWebSocketFrame(bytes.retain()));
    }

    @Override
    protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
      out.add(frame.content().retain());
    }
  }
}
