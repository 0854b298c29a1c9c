// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the local broker that publishes in order, many at a time, and says when each is
 * confirmed: acknowledged by the broker at QoS 1 and 2, written to the socket at QoS 0. It speaks
 * MQTT 3.1.1, which every broker understands, and comes back by itself after a loss.
 *
 * <p>At most {@value #WINDOW} publications are on the way at once; what is handed over together is
 * written together. What a lost connection left unconfirmed is repeated, in order, when it is back
 * within a moment; otherwise it fails, and whoever handed it over does so again.
 *
 * <p>Safe for use by many threads. All state belongs to the one thread of the connection.
 */
public final class Publisher implements AutoCloseable {

  /** How many publications may be unconfirmed at once. */
  public static final int WINDOW = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  /** How long a publication waits for a connection before it fails. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LOGIN_LIMIT = Duration.ofSeconds(10);
  private static final Duration CONFIRM_LIMIT = Duration.ofSeconds(30);
  private static final Duration HANG_UP_LIMIT = Duration.ofSeconds(3);
  private static final Duration SETTLED = Duration.ofSeconds(10);
  private static final Duration LONG_OUTAGE = Duration.ofMinutes(2);
  private static final int WAITING_BATCHES = 256;

  /** Acknowledgements that come one by one must not turn writes into one by one. */
  private static final int LEAST_ROOM = 64;

  /** Mosquitto hangs up on whoever has more than 20 of them open. */
  private static final int EXACTLY_ONCE_WINDOW = 16;

  private static final ChannelOption<Boolean> QUICK_ACK =
      NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);

  /** What is written together goes into pieces of about so many bytes. */
  private static final int PIECE_BYTES = 32 << 10;

  /**
   * A buffer with so much in it is handed on, so that the next publication seldom makes it grow.
   */
  private static final int FULL_PIECE_BYTES = 31 << 10;

  private final BrokerSettings broker;
  private final Presence presence;
  private final RetainedTopics retainedTopics;
  private final Subscriptions subscriptions = new Subscriptions();
  private final Wire wire;
  private final NioEventLoopGroup group;
  private final EventLoop loop;
  private final Semaphore room = new Semaphore(WAITING_BATCHES);
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  // Everything below belongs to the loop's thread, but what others may look at is volatile.
  private final ArrayDeque<Flight> repeats = new ArrayDeque<>();
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private final Map<Integer, Flight> unacknowledged = new HashMap<>();
  private final ArrayDeque<Flight> writing = new ArrayDeque<>();
  private int exactlyOnce;
  private long sequence;
  private int lastId;
  private boolean started;
  private boolean closing;
  private boolean draining;
  private Session session;
  private ScheduledFuture<?> patience;
  private long progressAt;
  private long outageSince = System.nanoTime();
  private boolean everConnected;
  private boolean toldOutage;
  private volatile boolean connected;
  private volatile long connects;
  private volatile String lastError;
  private volatile int highWater;

  /** A publisher that does nothing until {@link #start()}. Reads the key files at once. */
  public Publisher(BrokerSettings broker, Presence presence) {
    this(broker, presence, null, (topic, payload) -> {});
  }

  /**
   * A publisher that at its first connect also asks the broker for what it retains.
   *
   * @param filter the topics to ask for; null to ask for nothing
   * @param retained takes each retained topic, on the connection's thread
   */
  public Publisher(
      BrokerSettings broker,
      Presence presence,
      String filter,
      BiConsumer<String, byte[]> retained) {
    this.broker = broker;
    this.presence = presence;
    this.wire = new Wire(broker);
    this.group = new NioEventLoopGroup(1, new DefaultThreadFactory("local-mqtt", true));
    this.loop = group.next();
    this.retainedTopics = new RetainedTopics(filter, presence.birth(), retained);
  }

  /** Connects, now and whenever the connection is lost. A broker that is away is no error. */
  public void start() {
    loop.execute(
        () -> {
          if (!started && !closing) {
            started = true;
            outageSince = System.nanoTime();
            loop.scheduleAtFixedRate(this::checkProgress, 5, 5, TimeUnit.SECONDS);
            connect();
          }
        });
  }

  /**
   * Publishes all of them in order. Returns at once, unless far too much is waiting already: then
   * it holds the caller back.
   *
   * @param done is called once, on the connection's thread and so must be quick: with null when all
   *     are confirmed, otherwise with the reason why some may not have arrived
   */
  public void publish(List<Publication> publications, Consumer<Throwable> done) {
    if (publications.isEmpty()) {
      done.accept(null);
      return;
    }
    boolean counted = !loop.inEventLoop();
    if (counted) {
      try {
        room.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        done.accept(e);
        return;
      }
    }
    Batch batch =
        new Batch(
            publications,
            failure -> {
              if (counted) {
                room.release();
              }
              done.accept(failure);
            });
    try {
      loop.execute(() -> accept(batch));
    } catch (java.util.concurrent.RejectedExecutionException e) {
      batch.end(unavailable(e));
    }
  }

  /** Whether the broker has let us in and the connection stands. */
  public boolean isConnected() {
    return connected;
  }

  /** How often the broker has let us in. */
  public long connects() {
    return connects;
  }

  /** Why the latest connection or attempt ended, in words; null when none did. */
  public String lastError() {
    return lastError;
  }

  /** The most publications that were ever on the way at once. */
  public int highWater() {
    return highWater;
  }

  /** Complete when the broker has told what it retains, or nothing was asked. */
  public CompletionStage<Void> retained() {
    return retainedTopics.done();
  }

  /**
   * Asks the broker for what it retains below the filters, on the connection that stands.
   *
   * @param told takes each topic, on the connection's thread
   * @return true when it has told everything, false where it does not let us read; fails with a
   *     {@link BrokerUnavailableException} where the connection ends before
   */
  CompletionStage<Boolean> readBack(List<String> filters, BiConsumer<String, byte[]> told) {
    ReadBack asked = new ReadBack(filters, told);
    try {
      loop.execute(
          () -> {
            if (connected) {
              session.ask(asked);
            } else {
              asked.fail(unavailable(null));
            }
          });
    } catch (java.util.concurrent.RejectedExecutionException e) {
      asked.fail(unavailable(e));
    }
    return asked.done();
  }

  /**
   * Lets somebody hear a topic, on this connection and on each after it.
   *
   * @return ends it
   */
  Runnable listen(Subscriptions.Listener listener) {
    loop.execute(
        () -> {
          subscriptions.add(listener);
          if (connected) {
            session.subscribe(listener);
            session.channel.flush();
          }
        });
    return () -> {
      if (!loop.isShuttingDown()) {
        loop.execute(
            () -> {
              if (subscriptions.remove(listener) && connected) {
                session.channel.writeAndFlush(
                    subscriptions.unsubscribe(listener, nextId()), session.channel.voidPromise());
              }
            });
      }
    };
  }

  /**
   * Says farewell, disconnects and ends when the broker has hung up; waits at most 6 s. What is not
   * confirmed by then fails.
   */
  @Override
  public void close() {
    if (group.isShuttingDown()) {
      return;
    }
    loop.execute(this::leave);
    try {
      stopped.get(HANG_UP_LIMIT.toSeconds() + 1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.debug("leaving {}: {}", broker.url(), e.toString());
    }
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private void leave() {
    closing = true;
    failAll(unavailable(null));
    if (session == null || !connected) {
      if (session != null) {
        session.channel.close();
      }
      stopped.complete(null);
      return;
    }
    connected = false;
    Channel channel = session.channel;
    if (presence.farewell() != null) {
      for (Publication last : presence.farewell().get()) {
        channel.write(packet(channel, last, nextId()), channel.voidPromise());
      }
    }
    // The broker is to hang up: one that reads ahead of its work, as the embedded one does, takes
    // our hanging up for a loss, says the last will and forgets the farewell.
    channel.writeAndFlush(MqttMessage.DISCONNECT, channel.voidPromise());
    loop.schedule(
        () -> {
          channel.close();
        },
        HANG_UP_LIMIT.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void connect() {
    if (closing) {
      return;
    }
    Session attempt = new Session();
    ChannelFuture opening = wire.bootstrap(group, attempt).connect();
    attempt.channel = opening.channel();
    session = attempt;
    opening.addListener(
        opened -> {
          if (!opened.isSuccess()) {
            attempt.end(opened.cause());
          }
        });
  }

  private void accept(Batch batch) {
    if (closing) {
      batch.end(unavailable(null));
      return;
    }
    waiting.add(batch);
    if (connected) {
      drain();
    } else {
      bePatient();
    }
  }

  private void bePatient() {
    if (patience == null && !(waiting.isEmpty() && repeats.isEmpty())) {
      patience =
          loop.schedule(
              () -> {
                patience = null;
                failAll(unavailable(null));
              },
              PATIENCE.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void failAll(BrokerUnavailableException failure) {
    Set<Batch> batches = new LinkedHashSet<>();
    inFlight().forEach(flight -> batches.add(flight.batch));
    repeats.forEach(flight -> batches.add(flight.batch));
    batches.addAll(waiting);
    forgetInFlight();
    repeats.clear();
    waiting.clear();
    for (Batch batch : batches) {
      if (batch != null) {
        batch.end(failure);
      }
    }
  }

  private BrokerUnavailableException unavailable(Throwable cause) {
    String why = closing ? "the bridge is stopping" : lastError == null ? "no answer" : lastError;
    return new BrokerUnavailableException(
        "publishing to "
            + broker.url()
            + ": "
            + why
            + " — the bridge keeps trying; check that the broker runs and takes our login",
        cause);
  }

  private int onTheWay() {
    return unacknowledged.size() + writing.size();
  }

  private void forgetInFlight() {
    unacknowledged.clear();
    writing.clear();
    exactlyOnce = 0;
  }

  /** What is on the way, in the order in which it was sent. */
  private List<Flight> inFlight() {
    List<Flight> flights = new ArrayList<>(unacknowledged.values());
    flights.addAll(writing);
    flights.sort(Comparator.comparingLong(flight -> flight.sequence));
    return flights;
  }

  private void drain() {
    if (draining || !connected) {
      return;
    }
    draining = true;
    try {
      // A flush can confirm QoS 0 publications at once, which makes room for the next.
      while (writeUpToWindow()) {
        session.channel.flush();
      }
    } finally {
      draining = false;
    }
  }

  private boolean writeUpToWindow() {
    Channel channel = session.channel;
    if (onTheWay() == 0) {
      progressAt = System.nanoTime();
    }
    if (WINDOW - onTheWay() < LEAST_ROOM) {
      return false;
    }
    ByteBuf held = null;
    int written = 0;
    while (connected && onTheWay() < WINDOW && mayTakeNext()) {
      Flight flight = next();
      int qos = flight.publication.qos();
      int id = 0;
      if (qos == 0) {
        writing.add(flight);
        written++;
      } else {
        id = nextId();
        unacknowledged.put(id, flight);
        exactlyOnce += qos == 2 ? 1 : 0;
      }
      if (held != null && held.readableBytes() > FULL_PIECE_BYTES) {
        channel.write(held, channel.voidPromise());
        held = null;
      }
      if (held == null) {
        held = channel.alloc().ioBuffer(PIECE_BYTES);
      }
      PublishPacket.append(held, flight.publication, id);
    }
    highWater = Math.max(highWater, onTheWay());
    if (held != null) {
      int confirmable = written;
      Session via = session;
      // Writes complete in order, so the last one speaks for all.
      channel
          .write(held)
          .addListener(
              done -> {
                if (done.isSuccess() && via == session && confirmable > 0) {
                  confirmWritten(confirmable);
                }
              });
    }
    return held != null;
  }

  private boolean mayTakeNext() {
    Publication next;
    if (!repeats.isEmpty()) {
      next = repeats.element().publication;
    } else if (!waiting.isEmpty()) {
      next = waiting.element().publications.get(waiting.element().sent);
    } else {
      return false;
    }
    return next.qos() < 2 || exactlyOnce < EXACTLY_ONCE_WINDOW;
  }

  private Flight next() {
    Flight repeat = repeats.poll();
    if (repeat != null) {
      repeat.sequence = sequence++;
      return repeat;
    }
    Batch batch = waiting.element();
    Flight flight = new Flight(batch, batch.publications.get(batch.sent++), sequence++);
    if (batch.sent == batch.publications.size()) {
      waiting.poll();
    }
    return flight;
  }

  private int nextId() {
    do {
      lastId = lastId == 65_535 ? 1 : lastId + 1;
    } while (unacknowledged.containsKey(lastId));
    return lastId;
  }

  private static ByteBuf packet(Channel channel, Publication publication, int id) {
    ByteBuf packet = channel.alloc().ioBuffer();
    PublishPacket.append(packet, publication, id);
    return packet;
  }

  private void confirmWritten(int count) {
    progressAt = System.nanoTime();
    for (int i = 0; i < count && !writing.isEmpty(); i++) {
      writing.poll().confirm();
    }
    drain();
  }

  private void confirm(int id) {
    Flight flight = unacknowledged.remove(id);
    if (flight != null) {
      progressAt = System.nanoTime();
      exactlyOnce -= flight.publication.qos() == 2 ? 1 : 0;
      flight.confirm();
    }
  }

  private void checkProgress() {
    boolean stuck = System.nanoTime() - progressAt > CONFIRM_LIMIT.toNanos();
    if (connected && stuck && onTheWay() > 0) {
      session.end(
          new BrokerUnavailableException(
              "no confirmation for " + CONFIRM_LIMIT.toSeconds() + " s", null));
    }
  }

  /** How long to wait before the next attempt, after an outage of this length. */
  static Duration pause(Duration outage) {
    if (outage.compareTo(Duration.ofSeconds(30)) < 0) {
      return Duration.ofSeconds(1);
    }
    return Duration.ofSeconds(outage.compareTo(LONG_OUTAGE) < 0 ? 5 : 15);
  }

  private void live() {
    connected = true;
    connects++;
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - outageSince);
    if (toldOutage) {
      LOG.info("Connected to the local broker {} after {} s", broker.url(), seconds);
    } else if (!everConnected) {
      LOG.info("Connected to the local broker {}", broker.url());
    } else {
      LOG.debug("Connected to the local broker {} after {} s", broker.url(), seconds);
    }
    toldOutage = false;
    everConnected = true;
    progressAt = System.nanoTime();
  }

  private void lost(Session lost, Throwable cause) {
    if (session != lost) {
      return;
    }
    session = null;
    long now = System.nanoTime();
    // A broker that lets us in and hangs up at once is no better than one that is away.
    if (connected && now - lost.liveAt > SETTLED.toNanos()) {
      outageSince = now;
    }
    connected = false;
    if (closing) {
      stopped.complete(null);
      return;
    }
    lastError = reason(cause);
    List<Flight> flights = inFlight();
    forgetInFlight();
    for (int i = flights.size() - 1; i >= 0; i--) {
      if (flights.get(i).batch != null) {
        repeats.addFirst(flights.get(i));
      }
    }
    bePatient();
    Duration outage = Duration.ofNanos(now - outageSince);
    boolean worthTelling = !everConnected || lost.refused || outage.toSeconds() >= 60;
    if (!toldOutage && worthTelling) {
      toldOutage = true;
      LOG.warn(
          "Connecting to the local broker {}: {} — the bridge keeps trying; check that it runs,"
              + " and cardata.sink.mqtt.url, username and password",
          broker.url(),
          lastError);
    } else {
      LOG.debug("Connection to the local broker {} ended: {}", broker.url(), lastError);
    }
    loop.schedule(this::connect, pause(outage).toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String reason(Throwable cause) {
    if (cause == null) {
      return "the broker hung up";
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage();
    return text == null || text.isBlank() ? root.getClass().getSimpleName() : text;
  }

  /** Publications that were handed over together, and whom to tell. */
  private static final class Batch {

    private final List<Publication> publications;
    private final Consumer<Throwable> done;
    private int sent;
    private int confirmed;
    private boolean ended;

    Batch(List<Publication> publications, Consumer<Throwable> done) {
      this.publications = publications;
      this.done = done;
    }

    void confirmOne() {
      if (++confirmed == publications.size()) {
        end(null);
      }
    }

    void end(Throwable failure) {
      if (!ended) {
        ended = true;
        done.accept(failure);
      }
    }
  }

  /** One publication on the way; our own, such as the birth, belong to no batch. */
  private static final class Flight {

    private final Batch batch;
    private final Publication publication;
    private long sequence;

    Flight(Batch batch, Publication publication, long sequence) {
      this.batch = batch;
      this.publication = publication;
      this.sequence = sequence;
    }

    void confirm() {
      if (batch != null) {
        batch.confirmOne();
      }
    }
  }

  /** One connection, from the attempt to its end. */
  private final class Session extends SimpleChannelInboundHandler<MqttMessage> {

    private Channel channel;
    private boolean ended;
    private boolean refused;
    private boolean pinged;
    private boolean birthSaid;
    private long liveAt;
    private Throwable cause;
    private ScheduledFuture<?> loginLimit;
    private final List<ReadBack> readBacks = new ArrayList<>();

    @Override
    public void channelActive(ChannelHandlerContext context) {
      loginLimit =
          loop.schedule(
              () -> end(new BrokerUnavailableException("no answer to our login", null)),
              LOGIN_LIMIT.toMillis(),
              TimeUnit.MILLISECONDS);
      if (!broker.isTls() && !broker.isWebSocket()) {
        login();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent tls) {
        if (!tls.isSuccess()) {
          end(tls.cause());
        } else if (!broker.isWebSocket()) {
          login();
        }
      } else if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        login();
      } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
        end(new BrokerUnavailableException("no answer to the WebSocket request", null));
      } else if (event instanceof IdleStateEvent && connected) {
        if (pinged) {
          end(new BrokerUnavailableException("no answer to our ping", null));
        } else {
          pinged = true;
          channel.writeAndFlush(MqttMessage.PINGREQ, channel.voidPromise());
        }
      }
    }

    private void login() {
      Publication will = presence.will();
      MqttMessageBuilders.ConnectBuilder connect =
          MqttMessageBuilders.connect()
              .protocolVersion(MqttVersion.MQTT_3_1_1)
              .clientId(broker.clientId())
              .cleanSession(true)
              .keepAlive((int) broker.keepAlive().toSeconds());
      if (will != null) {
        connect
            .willFlag(true)
            .willTopic(will.topic())
            .willMessage(will.payload())
            .willQoS(MqttQoS.valueOf(will.qos()))
            .willRetain(will.retain());
      }
      if (broker.username() != null) {
        connect.hasUser(true).username(broker.username());
        if (broker.password() != null) {
          connect.hasPassword(true).password(broker.password().getBytes(StandardCharsets.UTF_8));
        }
      }
      MqttConnectMessage message = connect.build();
      channel.writeAndFlush(message, channel.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
      if (closing) {
        return; // nothing may be said behind DISCONNECT
      }
      pinged = false;
      if (message.decoderResult().isFailure()) {
        end(message.decoderResult().cause());
        return;
      }
      switch (message.fixedHeader().messageType()) {
        case CONNACK -> letIn((MqttConnAckMessage) message);
        case PUBACK, PUBCOMP -> confirm(id(message));
        case PUBREC ->
            channel.write(
                new MqttMessage(
                    new MqttFixedHeader(
                        MqttMessageType.PUBREL, false, MqttQoS.AT_LEAST_ONCE, false, 0),
                    MqttMessageIdVariableHeader.from(id(message))),
                channel.voidPromise());
        case SUBACK -> subscribed((MqttSubAckMessage) message);
        case PUBLISH -> told((MqttPublishMessage) message);
        default -> {
          // PINGRESP and UNSUBACK say nothing that we wait for.
        }
      }
    }

    private int id(MqttMessage message) {
      return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      long before = sequence;
      drain();
      context.flush();
      if (sequence == before && onTheWay() > 0) {
        // Nothing went out that could carry the TCP acknowledgement, and a broker with Nagle's
        // algorithm on, which is mosquitto's default, holds its next PUBACKs back until it comes.
        channel.config().setOption(QUICK_ACK, true);
      }
    }

    private void letIn(MqttConnAckMessage message) {
      loginLimit.cancel(false);
      MqttConnectReturnCode code = message.variableHeader().connectReturnCode();
      if (code != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
        refused = true;
        end(
            new BrokerUnavailableException(
                "login refused (" + code + ", code " + code.byteValue() + ")", null));
        return;
      }
      liveAt = System.nanoTime();
      live();
      if (retainedTopics.isWanted()) {
        channel.write(retainedTopics.subscribe(nextId()), channel.voidPromise());
        retainedTopics.limit(loop, this::readBack);
      } else {
        sayBirth();
      }
      subscriptions.anew().forEach(this::subscribe);
      drain();
      channel.flush();
    }

    private void subscribe(Subscriptions.Listener listener) {
      channel.write(subscriptions.subscribe(listener, nextId()), channel.voidPromise());
    }

    private void ask(ReadBack asked) {
      readBacks.add(asked);
      channel.writeAndFlush(asked.subscribe(nextId()), channel.voidPromise());
      asked.limit(
          loop,
          () -> {
            readBacks.remove(asked);
            if (!closing) {
              channel.writeAndFlush(asked.unsubscribe(nextId()), channel.voidPromise());
            }
          });
    }

    private void subscribed(MqttSubAckMessage message) {
      boolean granted = message.payload().grantedQoSLevels().stream().allMatch(qos -> qos < 0x80);
      int id = message.variableHeader().messageId();
      if (readBacks.stream().anyMatch(asked -> asked.answered(id, granted))) {
        return;
      }
      Subscriptions.Listener listener = subscriptions.answered(id);
      if (listener != null) {
        if (!granted) {
          LOG.warn(
              "Listening to {} at {}: the broker does not let us — allow this client to read it",
              listener.topic(),
              broker.url());
        }
        listener.connected().run();
        return;
      }
      if (!granted) {
        tellNotReadable("does not let us subscribe");
      }
      sayBirth();
      retainedTopics.subscribed(granted);
    }

    private void tellNotReadable(String why) {
      LOG.info(
          "Reading retained values back from {}: the broker {} — allow this client to read its own"
              + " topics, or an older value may replace a newer one after a restart",
          broker.url(),
          why);
    }

    /** The end of reading back, whether or not the broker ever answered. */
    private void readBack() {
      if (connected && session == this) {
        if (!birthSaid && presence.birth() != null) {
          tellNotReadable("does not answer our subscription");
          sayBirth();
        }
        channel.writeAndFlush(retainedTopics.unsubscribe(nextId()), channel.voidPromise());
      }
    }

    private void sayBirth() {
      Publication birth = presence.birth();
      if (birth != null && !birthSaid) {
        birthSaid = true;
        int id = nextId();
        if (birth.qos() > 0) {
          unacknowledged.put(id, new Flight(null, birth, sequence++));
        }
        channel.write(packet(channel, birth, id), channel.voidPromise());
      }
    }

    private void told(MqttPublishMessage message) {
      MqttFixedHeader header = message.fixedHeader();
      String topic = message.variableHeader().topicName();
      byte[] payload = ByteBufUtil.getBytes(message.payload());
      subscriptions.told(topic, payload, header.isRetain());
      retainedTopics.told(topic, header.isRetain(), payload);
      if (header.isRetain()) {
        readBacks.forEach(asked -> asked.told(topic, payload));
      }
      if (header.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
        channel.write(
            MqttMessageBuilders.pubAck().packetId(message.variableHeader().packetId()).build(),
            channel.voidPromise());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      end(failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(cause);
    }

    private void end(Throwable why) {
      if (ended) {
        return;
      }
      ended = true;
      cause = why;
      if (loginLimit != null) {
        loginLimit.cancel(false);
      }
      if (retainedTopics.interrupted()) {
        tellNotReadable("hung up on us while we asked, twice");
      }
      channel.close();
      lost(this, why);
      readBacks.forEach(asked -> asked.fail(unavailable(why)));
    }
  }
}
