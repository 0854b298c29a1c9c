// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MQTT client of one account, handed to camel-paho-mqtt5 by {@code client:
 * "#bmwClient-<account>"}. Camel gives it a callback and a topic as ever; connecting, credentials
 * and the reasons why connections end belong to {@link StreamSession}. Safe for use by many
 * threads; nothing here throws into Paho's threads.
 *
 * <p>Each connection is a Paho client of its own. A message is given a number on its way to Camel;
 * the acknowledgement comes back with that number and goes to the connection the message came by,
 * or nowhere if that is gone, as packet ids mean something else on the next one.
 */
public final class BmwMqttClient extends MqttClient {

  /** Messages that may be on their way at a time; more wait in TCP. */
  public static final int IN_FLIGHT = 256;

  private static final long SETTLED_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(BmwMqttClient.class);

  /** How long a broker may be trusted to wait for our CONNECT. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** What a connection tells; called on Paho's threads, must not block. */
  interface Listener {
    void connected();

    void subscribed();

    void ended(Ending ending);

    void message();
  }

  private record Delivery(MqttLink link, int packetId) {}

  private record Ahead(MqttTransport transport, long since) {}

  private final URI uri;
  private final Peer peer;
  private final StreamSettings settings;
  private final SSLSocketFactory tls;
  private final String threadName;
  private final InFlight inFlight = new InFlight(IN_FLIGHT);
  private final Map<Integer, Delivery> deliveries = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();

  // Paho logs the client id, which is the account's GCID, with each warning. The field keeps the
  // level: java.util.logging forgets loggers that nobody holds.
  private final java.util.logging.Logger pahoLog =
      java.util.logging.Logger.getLogger("org.eclipse.paho.mqttv5");

  private volatile MqttCallback camel;
  private volatile MqttSubscription subscription;
  private volatile Runnable onNewConsumer = () -> {};
  private volatile MqttLink link;
  private volatile List<Subscription> subscriptions = List.of();
  private final AtomicReference<Ahead> ahead = new AtomicReference<>();

  /**
   * Makes a client that is not connected and has no thread.
   *
   * @param account the account's name, for thread names
   * @param tls sockets that trust the broker; may be null for {@code tcp://} and where the
   *     credentials bring their own
   * @throws IllegalArgumentException when Paho does not take the server's URI
   */
  public static BmwMqttClient of(String account, StreamSettings settings, SSLSocketFactory tls) {
    try {
      return new BmwMqttClient(account, settings, tls);
    } catch (MqttException e) {
      throw new IllegalArgumentException(
          "Making the client of "
              + settings.peer().name()
              + ": "
              + e.getMessage()
              + " — check the setting of its host",
          e);
    }
  }

  private BmwMqttClient(String account, StreamSettings settings, SSLSocketFactory tls)
      throws MqttException {
    super(settings.serverUri(), "unused", new MemoryPersistence());
    this.uri = URI.create(settings.serverUri());
    this.settings = settings;
    this.peer = settings.peer();
    boolean needsTls = uri.getScheme().equals("ssl") && peer.renews();
    this.tls = needsTls ? Objects.requireNonNull(tls, "tls") : tls;
    this.threadName = peer.word() + "-" + account;
    pahoLog.setLevel(Level.OFF);
  }

  // ---- Camel's side -----------------------------------------------------------------------

  /** Keeps Camel's callback; it hears of messages only. */
  @Override
  public void setCallback(MqttCallback callback) {
    boolean another = camel != null;
    camel = callback;
    if (another) {
      // What the old consumer still holds will never be acknowledged: a new session brings it
      // again.
      deliveries.clear();
      inFlight.clear();
      onNewConsumer.run();
    }
  }

  /** Remembers the filters; they are subscribed at each connect. */
  @Override
  public IMqttToken subscribe(String topicFilters, int qos) {
    subscription = new MqttSubscription(topicFilters, qos);
    return null;
  }

  /** Nothing to do: acknowledgement is always by hand here. */
  @Override
  public void setManualAcks(boolean manualAcks) {
    if (!manualAcks) {
      throw new IllegalArgumentException(
          "Switching a stream to automatic acknowledgement: messages would be lost — leave"
              + " manualAcksEnabled at true");
    }
  }

  /** Acknowledges by the number that {@link MqttMessage#getId()} had in Camel. */
  @Override
  public void messageArrivedComplete(int number, int qos) {
    Delivery delivery = deliveries.remove(number);
    if (delivery == null) {
      return;
    }
    inFlight.leave();
    if (!delivery.link().isOpen()) {
      return;
    }
    try {
      delivery.link().messageArrivedComplete(delivery.packetId(), qos);
    } catch (MqttException e) {
      LOG.debug("Acknowledging to {}: {} — it comes again", peer.name(), e.getReasonCode());
    }
  }

  /** The route failed on a message: its place is free, and BMW sends it again one day. */
  void messageFailed(int number) {
    if (deliveries.remove(number) != null) {
      inFlight.leave();
    }
  }

  /** True between CONNACK and the end of the connection. */
  @Override
  public boolean isConnected() {
    MqttLink current = link;
    return current != null && current.isOpen() && current.isConnected();
  }

  /** What BMW granted on the connection there is; empty without one. */
  public List<Subscription> subscriptions() {
    return isConnected() ? subscriptions : List.of();
  }

  /** How many messages were taken in and are not acknowledged yet. */
  public int inFlight() {
    return inFlight.count();
  }

  /**
   * Waits until the messages that were taken in are acknowledged or have failed, a second at most:
   * Camel's consumer cannot finish them any more once it is stopped.
   */
  public void awaitSettled() {
    try {
      inFlight.awaitNone(SETTLED_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What to run when the route was started anew while a connection stands. */
  void onNewConsumer(Runnable listener) {
    onNewConsumer = listener;
  }

  // ---- the session's side -----------------------------------------------------------------

  /**
   * Begins a connection; returns at once. It counts as good when {@code subscribed} was called. A
   * connection before it is ended first.
   */
  void connect(Credentials credentials, Listener listener) {
    endLink();
    MqttSubscription wanted = subscription;
    if (wanted == null || camel == null) {
      listener.ended(
          new Ending(
              Ending.Kind.NETWORK,
              null,
              Duration.ZERO,
              "no route consumes the stream: start the route " + peer.route()));
      return;
    }
    inFlight.newConnection();
    subscriptions = List.of();
    try {
      String clientId = credentials.filledIn(settings.clientId());
      MqttLink fresh = new MqttLink(clientId, transport(credentials.sockets(tls)));
      Callback callback = new Callback(fresh, listener, filters(wanted, credentials), credentials);
      fresh.setManualAcks(true);
      fresh.setCallback(callback);
      link = fresh;
      aClient = fresh;
      fresh.connect(options(credentials), null, callback);
    } catch (MqttException | IllegalArgumentException e) {
      listener.ended(Ending.of(e, peer));
    }
  }

  /**
   * Begins to open the way to BMW while the rest of the bridge still starts; the first connect
   * takes it, when it comes soon.
   */
  public void openAhead() {
    MqttTransport fresh = newTransport(tls);
    ahead.set(new Ahead(fresh, System.nanoTime()));
    fresh.openAhead();
  }

  private MqttTransport transport(SSLSocketFactory sockets) {
    Ahead open = ahead.getAndSet(null);
    if (open != null && System.nanoTime() - open.since < FRESH.toNanos()) {
      return open.transport;
    }
    close(open);
    return newTransport(sockets);
  }

  private MqttTransport newTransport(SSLSocketFactory sockets) {
    return new MqttTransport(uri, sockets, StreamMachine.ANSWER_TIMEOUT, settings.protocol());
  }

  private static void close(Ahead open) {
    try {
      if (open != null) {
        open.transport.stop();
      }
    } catch (IOException e) {
      LOG.debug("Closing a connection that nobody used: {}", e.getMessage());
    }
  }

  /**
   * Ends the connection, if there is one, in a second and a half at most; nothing of it is left.
   */
  void hangUp() {
    close(ahead.getAndSet(null));
    endLink();
  }

  private void endLink() {
    MqttLink current = link;
    link = null;
    if (current == null) {
      return;
    }
    current.hangUp(inFlight::look);
  }

  private MqttConnectionOptions options(Credentials credentials) {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setCleanStart(settings.sessionExpiry().isZero());
    options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
    options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
    options.setReceiveMaximum(IN_FLIGHT);
    credentials.logIn(options);
    return options;
  }

  private static MqttSubscription[] filters(MqttSubscription wanted, Credentials credentials) {
    List<MqttSubscription> all = new ArrayList<>();
    for (String filter : wanted.getTopic().split(",")) {
      String resolved = credentials.filledIn(filter.trim());
      if (!resolved.isEmpty()) {
        all.add(new MqttSubscription(resolved, wanted.getQos()));
      }
    }
    return all.toArray(MqttSubscription[]::new);
  }

  /** Everything Paho says about one connection. */
  private final class Callback implements MqttCallback, MqttActionListener {

    private final MqttLink own;
    private final Listener listener;
    private final MqttSubscription[] filters;
    private final Credentials credentials;
    private volatile IMqttToken subscribing;

    Callback(MqttLink own, Listener listener, MqttSubscription[] filters, Credentials credentials) {
      this.credentials = credentials;
      this.own = own;
      this.listener = listener;
      this.filters = filters;
    }

    /** CONNACK with success. */
    @Override
    public void onSuccess(IMqttToken connack) {
      if (!own.isOpen()) {
        return;
      }
      listener.connected();
      try {
        MqttActionListener answer =
            new MqttActionListener() {
              @Override
              public void onSuccess(IMqttToken suback) {
                granted(suback);
              }

              @Override
              public void onFailure(IMqttToken suback, Throwable cause) {
                end(Ending.of(cause, peer));
              }
            };
        subscribing = own.subscribe(filters, null, answer, new MqttProperties());
      } catch (MqttException | IllegalArgumentException e) {
        end(Ending.of(e, peer));
      }
    }

    /** CONNACK with a reason code, or no connection at all. */
    @Override
    public void onFailure(IMqttToken connack, Throwable cause) {
      end(Ending.of(cause, peer));
    }

    private void granted(IMqttToken suback) {
      int refused = refusal(suback);
      if (refused >= 0) {
        end(Ending.ofSubAck(refused, peer));
      } else if (own.isOpen()) {
        subscriptions = shown(suback);
        listener.subscribed();
      }
    }

    private List<Subscription> shown(IMqttToken suback) {
      int[] codes =
          suback == null || suback.getReasonCodes() == null ? new int[0] : suback.getReasonCodes();
      List<Subscription> all = new ArrayList<>();
      for (int i = 0; i < filters.length; i++) {
        int qos = i < codes.length ? codes[i] : filters[i].getQos();
        all.add(new Subscription(credentials.shown(filters[i].getTopic()), qos));
      }
      return List.copyOf(all);
    }

    private int refusal(IMqttToken suback) {
      int[] codes = suback == null ? null : suback.getReasonCodes();
      return codes == null
          ? -1
          : Arrays.stream(codes).filter(code -> code >= 0x80).findFirst().orElse(-1);
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      // BMW drops the connection together with a refused SUBACK; the refusal says more.
      int refused = refusal(subscribing);
      if (refused >= 0) {
        end(Ending.ofSubAck(refused, peer));
      } else if (response.getException() != null) {
        end(Ending.of(response.getException(), peer));
      } else {
        end(Ending.ofCode(response.getReturnCode(), peer));
      }
    }

    private void end(Ending ending) {
      if (!own.isOpen()) {
        return;
      }
      boolean stuck = ending.code() == null && inFlight.isFull();
      listener.ended(
          stuck
              ? new Ending(
                  ending.kind(),
                  null,
                  ending.floor(),
                  "the bridge cannot store what it has received and stopped listening")
              : ending);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      Thread thread = Thread.currentThread();
      if (!thread.getName().equals(threadName)) {
        // Paho puts the client id, which is the GCID, into the name that every log line shows.
        thread.setName(threadName);
      }
      try {
        takeIn(topic, message);
      } finally {
        own.handedOver();
      }
    }

    private void takeIn(String topic, MqttMessage message) {
      if (!inFlight.enter(own::isTaking)) {
        return;
      }
      own.givePayload(message);
      int number = numbers.incrementAndGet();
      deliveries.put(number, new Delivery(own, message.getId()));
      message.setId(number);
      listener.message();
      try {
        camel.messageArrived(topic, message);
      } catch (Exception | LinkageError e) {
        messageFailed(number);
        LOG.error(
            "Taking in a message: {} — it was not acknowledged and will come again",
            e.getClass().getSimpleName(),
            e);
      }
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // Only publishing clients hear this.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
      // CONNACK comes by onSuccess, before this.
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      LOG.debug("{}: Paho reports {}", peer.stream(), exception.getReasonCode());
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // We never ask for enhanced authentication.
    }
  }
}
