// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP or TLS connection under Paho, used once. Paho's own module cannot be closed while it
 * connects, and then goes on to send CONNECT with credentials nobody wants any more; this one can,
 * at any moment and from any thread.
 */
final class MqttTransport implements NetworkModule {

  private static final Logger LOG = LoggerFactory.getLogger(MqttTransport.class);
  private static final int DRAIN_MILLIS = 700;
  private static final int LOOK_MILLIS = 50;

  private final URI uri;
  private final SSLSocketFactory tls;
  private final Duration timeout;
  private final MqttProtocol protocol;
  private final CountDownLatch firstWrite = new CountDownLatch(1);
  private final CountDownLatch lastWord = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Arrivals arrivals = new Arrivals();
  private final FutureTask<Void> opening = new FutureTask<>(this::open);

  private Socket socket;
  private Socket secured;
  private PayloadCloakroom cloakroom;
  private Outgoing outgoing;
  private boolean started;
  private Thread connector;
  private boolean closed;

  // The reading thread's own.
  private boolean answered;

  MqttTransport(URI uri, SSLSocketFactory tls, Duration timeout, MqttProtocol protocol) {
    this.uri = uri;
    this.tls = tls;
    this.timeout = timeout;
    this.protocol = protocol;
  }

  /** Begins to connect, on a thread of its own; {@link #start} then finds the connection open. */
  void openAhead() {
    Thread thread = new Thread(opening, "mqtt-open");
    thread.setDaemon(true);
    thread.start();
  }

  /** Connects, or waits for {@link #openAhead} to have connected. */
  @Override
  public void start() throws IOException {
    opening.run();
    try {
      opening.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      // As it came: its type says whether TLS failed or the network.
      throw e.getCause() instanceof IOException trouble
          ? trouble
          : new IOException("connecting failed", e.getCause());
    }
    synchronized (this) {
      if (closed) {
        throw new IOException("given up while connecting");
      }
      started = true;
      connector = Thread.currentThread();
    }
    hurry(Thread.currentThread());
  }

  private Void open() throws IOException {
    Socket raw = new PromptSocket();
    synchronized (this) {
      if (closed) {
        raw.close();
        throw new IOException("given up before it began");
      }
      socket = raw;
    }
    int millis = Math.toIntExact(timeout.toMillis());
    raw.setTcpNoDelay(true);
    raw.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), millis);
    Socket ready = raw;
    if (uri.getScheme().equals("ssl")) {
      raw.setSoTimeout(millis);
      ready = handshake(raw);
      raw.setSoTimeout(0);
    }
    synchronized (this) {
      if (closed) {
        throw new IOException("given up while connecting");
      }
      secured = ready;
    }
    return null;
  }

  private SSLSocket handshake(Socket raw) throws IOException {
    String host = uri.getHost();
    SSLSocket ssl = (SSLSocket) tls.createSocket(raw, host, uri.getPort(), true);
    SSLParameters parameters = ssl.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (!host.matches("[0-9.]+|\\[.*]")) {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    ssl.setSSLParameters(parameters);
    ssl.startHandshake();
    return ssl;
  }

  /**
   * Paho starts its three threads one after the other and sleeps 100 ms after each, although they
   * run at once. Waking the sleeper makes it look again. It ends with the first byte written.
   */
  private void hurry(Thread starting) {
    Thread waker =
        new Thread(
            () -> {
              long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
              while (firstWrite.getCount() > 0 && System.nanoTime() < end && starting.isAlive()) {
                if (starting.getState() == Thread.State.TIMED_WAITING) {
                  starting.interrupt();
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
              }
            },
            "mqtt-connect");
    waker.setDaemon(true);
    waker.start();
  }

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    InputStream said = new BufferedInputStream(secured.getInputStream(), 16_384);
    cloakroom =
        new PayloadCloakroom(
            protocol == MqttProtocol.MQTT_3_1_1 ? new Mqtt311Input(said) : new Mqtt5Input(said));
    return new FilterInputStream(cloakroom) {
      /**
       * Paho asks before it reads, and of a connection that was reset this would throw too early.
       */
      @Override
      public int available() throws IOException {
        return firstWrite.getCount() > 0 ? 0 : super.available();
      }

      @Override
      public int read() throws IOException {
        awaitFirstWrite();
        int b = watch(() -> super.read());
        if (b >= 0) {
          arrivals.read((byte) b);
        }
        return b;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        awaitFirstWrite();
        int count = watch(() -> super.read(buffer, offset, length));
        arrivals.read(buffer, offset, count);
        return count;
      }
    };
  }

  /** Puts the payload back that Paho did not get to see. */
  void givePayload(MqttMessage message) {
    PayloadCloakroom room;
    synchronized (this) {
      room = cloakroom;
    }
    room.give(message);
  }

  @Override
  public synchronized OutputStream getOutputStream() throws IOException {
    OutputStream out = secured.getOutputStream();
    outgoing =
        new Outgoing(
            protocol == MqttProtocol.MQTT_3_1_1 ? new Mqtt311Output(out) : out,
            firstWrite,
            lastWord);
    return outgoing;
  }

  /** The thread that Paho sends its packets on; null where it has sent none. */
  Thread speaker() {
    Outgoing open;
    synchronized (this) {
      open = outgoing;
    }
    return open == null ? null : open.speaker();
  }

  /** Acknowledges a message of QoS 1; returns at once. */
  void acknowledge(int packetId) {
    Outgoing open;
    synchronized (this) {
      open = outgoing;
    }
    if (open != null) {
      open.acknowledge(packetId);
    }
  }

  /** One read from the network; may block. */
  @FunctionalInterface
  private interface Read {
    int from() throws IOException;
  }

  /**
   * Tells of the end only when everything before it was handed over: at the end Paho throws away
   * what it has read and nobody has taken yet.
   */
  private int watch(Read read) throws IOException {
    try {
      int result = read.from();
      answered |= result >= 0;
      if (result < 0) {
        end();
      }
      return result;
    } catch (IOException e) {
      end();
      throw e;
    }
  }

  private void end() {
    if (!answered) {
      Socket open;
      synchronized (this) {
        open = secured;
      }
      Resumption.forget(open);
    }
    arrivals.awaitHandedOver(DRAIN_MILLIS);
    ended.countDown();
  }

  /** A message that came by this connection was handed over, or thrown away on purpose. */
  void handedOver() {
    arrivals.handedOver();
  }

  /**
   * No broker speaks before CONNECT. A reader that meets an early end of the stream would end
   * before Paho looks whether it began, and Paho then looks for ever.
   */
  private void awaitFirstWrite() throws IOException {
    if (firstWrite.getCount() == 0) {
      return;
    }
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (!firstWrite.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() > end || isGivenUp()) {
          throw new IOException("nothing was sent");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Whether nothing will ever be sent: closed, and Paho's starting thread is through. */
  private synchronized boolean isGivenUp() {
    return closed && connector != null && !connector.isAlive();
  }

  @Override
  public void stop() throws IOException {
    Socket open;
    Outgoing speaking;
    synchronized (this) {
      closed = true;
      open = socket;
      speaking = outgoing;
    }
    if (speaking != null) {
      speaking.end();
    }
    if (open != null) {
      arrivals.giveUp();
      open.close();
    }
  }

  /**
   * Waits until DISCONNECT is out, and then until the other side has hung up and everything it said
   * before is handed over; gives up where that takes longer than it may.
   */
  void endGoodbye(long millis) {
    try {
      if (!lastWord.await(millis, TimeUnit.MILLISECONDS)) {
        return;
      }
      Socket open;
      synchronized (this) {
        open = socket;
      }
      // A broker that leaves the closing to us does it now.
      open.shutdownOutput();
      ended.await(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.debug("Waiting for the broker to hang up: {}", e.getMessage());
    }
  }

  /**
   * Closes at once, also in the middle of a connect or a handshake, and lets Paho's starting thread
   * get past its waiting loops, so that it ends.
   */
  void abandon() throws IOException {
    stop();
    boolean starting;
    synchronized (this) {
      starting = started;
    }
    if (starting) {
      try {
        firstWrite.await(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String getServerURI() {
    return uri.toString();
  }
}
