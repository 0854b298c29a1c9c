// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The public door in front of a TLS server: passes bytes on until a connection is told to stall or
 * to be reset. It sits below TLS, so that both look to the client like a broken network. Used on
 * one thread.
 */
final class TcpGate {

  private static final int ALERT_RECORD = 21;
  private static final int ALERT_LENGTH = 7;
  private static final int FATAL = 2;

  private static final long LINGER_MILLIS = 2_000;

  private final Vertx vertx;
  private final boolean lingers;
  private final NetServer door;
  private final NetClient client;
  private final Map<Integer, Link> links = new HashMap<>();
  private int backend;
  private boolean down;

  TcpGate(Vertx vertx) {
    this(vertx, false);
  }

  /**
   * A closed gate.
   *
   * @param lingers whether a client that is still sending when the server closes first hears what
   *     the server said, and only then finds the connection gone
   */
  TcpGate(Vertx vertx, boolean lingers) {
    this.vertx = vertx;
    this.lingers = lingers;
    door = vertx.createNetServer().connectHandler(this::open);
    client = vertx.createNetClient();
  }

  /** Listens; the server behind it must listen on loopback already. Gives the port. */
  Future<Integer> listen(String host, int port, int backendPort) {
    backend = backendPort;
    return door.listen(port, host).map(NetServer::actualPort);
  }

  /** Resets a connection, named by the port that the server behind sees as the peer's. */
  void reset(int peerPort) {
    Link link = links.get(peerPort);
    if (link != null) {
      link.reset();
    }
  }

  /** Lets a connection fall silent for good: it stays open and nothing passes any more. */
  void stall(int peerPort) {
    Link link = links.get(peerPort);
    if (link != null) {
      link.stalled = true;
    }
  }

  /**
   * Lets the next fatal alert of a connection be another one. Java's server has one alert for all
   * that can be wrong with a client's certificate; up to TLS 1.2 it goes unencrypted.
   */
  void alert(int peerPort, int description) {
    Link link = links.get(peerPort);
    if (link != null) {
      link.alert = description;
    }
  }

  /** Resets every connection, now and until it is told otherwise. */
  void setDown(boolean isDown) {
    down = isDown;
    if (down) {
      List.copyOf(links.values()).forEach(Link::reset);
    }
  }

  boolean isDown() {
    return down;
  }

  private void open(NetSocket outer) {
    if (down) {
      reset(outer);
      return;
    }
    outer.pause();
    outer.exceptionHandler(e -> outer.close());
    client
        .connect(backend, "127.0.0.1")
        .onFailure(e -> outer.close())
        .onSuccess(inner -> new Link(outer, inner).start());
  }

  private static Channel channel(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }

  private static void reset(NetSocket socket) {
    Channel channel = channel(socket);
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  private final class Link {
    private final NetSocket outer;
    private final NetSocket inner;
    private final int peerPort;
    private boolean stalled;
    private boolean ending;
    private int alert;

    private Link(NetSocket outer, NetSocket inner) {
      this.outer = outer;
      this.inner = inner;
      this.peerPort = inner.localAddress().port();
    }

    private void start() {
      links.put(peerPort, this);
      pass(outer, inner);
      pass(inner, outer);
      outer.closeHandler(v -> inner.close());
      channel(outer).config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      channel(outer).pipeline().addFirst(new EndOfInput());
      inner.closeHandler(
          v -> {
            links.remove(peerPort, this);
            // A stalled connection stays open although the server behind has given it up.
            if (!stalled) {
              end();
            }
          });
      inner.exceptionHandler(e -> inner.close());
      outer.resume();
    }

    private void pass(NetSocket from, NetSocket to) {
      from.handler(
          bytes -> {
            if (stalled) {
              return;
            }
            to.write(to == outer ? withAlert(bytes) : bytes);
            if (to.writeQueueFull()) {
              from.pause();
              to.drainHandler(v -> from.resume());
            }
          });
    }

    private void end() {
      if (!lingers) {
        outer.close();
        return;
      }
      ending = true;
      outer.handler(bytes -> {});
      outer.resume();
      outer
          .write(Buffer.buffer())
          .onComplete(v -> ((DuplexChannel) channel(outer)).shutdownOutput());
      vertx.setTimer(LINGER_MILLIS, t -> outer.close());
    }

    private Buffer withAlert(Buffer bytes) {
      boolean fatal =
          alert > 0
              && bytes.length() == ALERT_LENGTH
              && bytes.getByte(0) == ALERT_RECORD
              && bytes.getByte(5) == FATAL;
      return fatal ? bytes.copy().setByte(6, (byte) alert) : bytes;
    }

    private void reset() {
      TcpGate.reset(outer);
    }

    /**
     * A client that ended its side still hears what is on its way, as without a gate: the server
     * learns of the end behind the client's last bytes, and closes when it is through.
     */
    private final class EndOfInput extends ChannelInboundHandlerAdapter {
      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
          if (stalled || ending) {
            outer.close();
          } else {
            inner
                .write(Buffer.buffer())
                .onComplete(v -> ((DuplexChannel) channel(inner)).shutdownOutput());
          }
        }
        context.fireUserEventTriggered(event);
      }
    }
  }
}
