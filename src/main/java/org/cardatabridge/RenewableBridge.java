// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cardatabridge.auth.DeviceLogin;
import org.cardatabridge.mqtt.EmbeddedBroker;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.PageSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.web.Brake;
import org.cardatabridge.web.Renewal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bridge that starts anew in its process when settings were changed on its page: it ends in good
 * order, the settings are read again from every place, and the next one starts on the same ports.
 * One that does not start with the new settings starts again with those before. Safe for use by
 * many threads.
 */
public final class RenewableBridge implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RenewableBridge.class);
  private static final String HTTP_PORT = "cardata.http.port";
  private static final String BROKER_PORT = "cardata.embedded.port";

  /**
   * Within this the answer to whoever changed a setting has left, and what comes close joins in.
   */
  private static final Duration ANSWER_FIRST = Duration.ofMillis(250);

  /** More than anybody saves by hand; without the time that they take no value would come in. */
  private static final int MOST_STARTS = 20;

  private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);

  /** How often and how long a port is waited for that another program holds just now. */
  private static final int ATTEMPTS = 6;

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

  private final Outside outside;
  private final Clock clock;
  private final Pause pause;
  private final Thread thread = new Thread(this::renew, "cardata-renewal");
  private final Object wishes = new Object();
  private PageSettings.Undo wanted;
  private boolean closing;

  /** Guarded by wishes. */
  private final Brake starts = new Brake(MOST_STARTS, STARTS_WITHIN);

  private volatile String problem;
  private volatile Exception lost;

  /** Guarded by this, which is held while no bridge runs. */
  private RunningBridge bridge;

  private LoadedSettings loaded;

  /**
   * What the bridge's surroundings hear.
   *
   * @param terminal gets what a user must see to log in
   * @param hide hears of tokens and ids that must not be logged
   * @param hideVin hears of VINs
   * @param log gives the log's last lines, without secrets
   * @param settings hears of settings before a bridge starts with them
   * @param ended is run when no bridge could be started any more
   */
  public record Outside(
      Consumer<String> terminal,
      Consumer<String> hide,
      Consumer<String> hideVin,
      Supplier<List<String>> log,
      Consumer<LoadedSettings> settings,
      Runnable ended) {}

  /** Lets a time pass; one of a test does it at once. */
  interface Pause {

    /** Returns when the time has passed. */
    void of(Duration time) throws InterruptedException;
  }

  private RenewableBridge(LoadedSettings loaded, Outside outside, Clock clock, Pause pause) {
    this.loaded = loaded;
    this.outside = outside;
    this.clock = clock;
    this.pause = pause == null ? this::untilClosing : pause;
    thread.setDaemon(true);
  }

  /**
   * Starts the whole bridge; returns when its routes run.
   *
   * @throws org.cardatabridge.settings.BadSettingException for a setting that cannot be used
   * @throws org.cardatabridge.settings.CannotStartException where a port is taken
   */
  public static RenewableBridge start(LoadedSettings settings, Outside outside) throws Exception {
    return start(settings, outside, Clock.systemUTC(), null);
  }

  /** The same for tests, with their own time; pause null for the real one. */
  static RenewableBridge start(LoadedSettings settings, Outside outside, Clock clock, Pause pause)
      throws Exception {
    RenewableBridge renewable = new RenewableBridge(settings, outside, clock, pause);
    renewable.bridge = renewable.started(settings, Map.of());
    renewable.thread.start();
    return renewable;
  }

  private RunningBridge started(
      LoadedSettings settings, Map<String, DeviceLogin.Handover> loginsBefore) throws Exception {
    return RunningBridge.start(
        settings,
        outside.terminal(),
        outside.hide(),
        outside.hideVin(),
        Map.of(
            BridgePlugin.RENEWAL,
            new OnPage(),
            BridgePlugin.LOGINS_BEFORE,
            loginsBefore,
            BridgePlugin.LOG_LINES,
            outside.log()));
  }

  /** The next one after another: a program may have taken a port between the two. */
  private RunningBridge startedAgain(
      LoadedSettings settings, Map<String, DeviceLogin.Handover> logins) throws Exception {
    for (int attempt = 1; true; attempt++) {
      try {
        return started(settings, logins);
      } catch (CannotStartException e) {
        if (attempt == ATTEMPTS || isClosing()) {
          throw e;
        }
        LOG.info("{}; it is tried again in {} ms", e.getMessage(), BETWEEN_ATTEMPTS.toMillis());
        pause.of(BETWEEN_ATTEMPTS);
      }
    }
  }

  private void untilClosing(Duration time) throws InterruptedException {
    synchronized (wishes) {
      long end = System.nanoTime() + time.toNanos();
      for (long left = time.toMillis();
          left > 0 && !closing;
          left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
        wishes.wait(left);
      }
    }
  }

  /** How the page asks for a new start. */
  private final class OnPage implements Renewal {

    @Override
    public void ask(PageSettings.Undo undo) {
      synchronized (wishes) {
        // Of several, the first one leads back to what the bridge runs with.
        wanted = wanted == null ? undo : wanted;
        problem = null;
        starts.count(clock.instant());
        wishes.notifyAll();
      }
    }

    @Override
    public Duration left() {
      synchronized (wishes) {
        return starts.left(clock.instant());
      }
    }

    @Override
    public Optional<String> problem() {
      return Optional.ofNullable(problem);
    }
  }

  /** Asks the bridge that runs something; waits while none does. */
  public synchronized <T> T ask(Function<RunningBridge, T> question) {
    if (bridge == null) {
      throw new IllegalStateException("the bridge has ended");
    }
    return question.apply(bridge);
  }

  /**
   * Throws what kept the bridge from starting again, if anything did.
   *
   * @throws Exception as {@link #start} does
   */
  public void orThrow() throws Exception {
    if (lost != null) {
      throw lost;
    }
  }

  private void renew() {
    try {
      for (PageSettings.Undo undo = next(); undo != null; undo = next()) {
        renew(undo);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      lost = e;
      outside.ended().run();
    } catch (Error e) {
      // A process without a bridge would look alive to whoever restarts it.
      lost = new IllegalStateException("Starting the bridge with changed settings: " + e, e);
      outside.ended().run();
      throw e;
    }
  }

  private PageSettings.Undo next() throws InterruptedException {
    synchronized (wishes) {
      while (wanted == null && !closing) {
        wishes.wait();
      }
      untilClosing(ANSWER_FIRST);
      PageSettings.Undo undo = closing ? null : wanted;
      wanted = null;
      return undo;
    }
  }

  private synchronized void renew(PageSettings.Undo undo) throws Exception {
    LOG.info("Settings were changed on the page: starting the bridge anew");
    Map<String, String> ports = ports();
    Map<String, DeviceLogin.Handover> logins = bridge.logins();
    bridge.close();
    bridge = null;
    if (isClosing()) {
      return;
    }
    try {
      LoadedSettings next = loaded.again();
      next.orThrow();
      outside.settings().accept(next);
      next = next.with(sameWhereFree(next.settings(), ports));
      bridge = startedAgain(next, logins);
      loaded = next;
    } catch (Exception e) {
      String sentence =
          "Starting the bridge with the changed settings: "
              + cause(e)
              + " — they were taken back, the bridge runs with those before";
      LOG.error(sentence);
      LOG.debug("Starting the bridge with the changed settings", e);
      takeBack(undo);
      problem = sentence;
      bridge = startedAgain(loaded.with(sameWhereFree(loaded.settings(), ports)), logins);
    }
  }

  /** What others threw may hold a secret, and the page shows this. */
  private static String cause(Exception e) {
    return e instanceof BadSettingException || e instanceof CannotStartException
        ? e.getMessage()
        : "it failed (" + e.getClass().getSimpleName() + ")";
  }

  private boolean isClosing() {
    synchronized (wishes) {
      return closing;
    }
  }

  private static void takeBack(PageSettings.Undo undo) {
    try {
      undo.run();
    } catch (IOException e) {
      LOG.error(
          "Taking the changed settings back: settings.properties in the data directory cannot be"
              + " written ({}) — correct it before the next start",
          e.toString());
    }
  }

  private Map<String, String> ports() {
    Map<String, String> ports = new HashMap<>();
    ports.put(HTTP_PORT, Integer.toString(bridge.httpPort()));
    bridge
        .component("local-mqtt", LocalMqttComponent.class)
        .embeddedBroker()
        .map(EmbeddedBroker::port)
        .filter(port -> port > 0)
        .ifPresent(port -> ports.put(BROKER_PORT, Integer.toString(port)));
    return ports;
  }

  /** Where any free port will do, that of before does. */
  private static Map<String, String> sameWhereFree(Settings settings, Map<String, String> ports) {
    Map<String, String> same = new HashMap<>(ports);
    same.keySet().removeIf(key -> !settings.find(key).filter("0"::equals).isPresent());
    return same;
  }

  /** Ends the bridge in good order, after a new start that is under way. */
  @Override
  public void close() {
    synchronized (wishes) {
      closing = true;
      wishes.notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (bridge != null) {
        bridge.close();
        bridge = null;
      }
    }
  }
}
