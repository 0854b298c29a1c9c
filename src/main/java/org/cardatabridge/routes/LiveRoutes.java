// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.model.ModelCamelContext;
import org.cardatabridge.journal.ErrorText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route files in use: has each one's routes follow its text. A text that cannot be used leaves
 * the one before it running. Not safe for use by several threads at once.
 */
final class LiveRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

  private static final int STOP_SECONDS = 5;
  private static final int STOP_SECONDS_WHEN_LATE = 1;

  /** From here on a user wonders why the change does not show. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(2);

  private final ModelCamelContext context;
  private final RouteLoader loader;
  private final SinkNews news;
  private final Clock clock;
  private final Map<Path, LiveFile> files = new LinkedHashMap<>();
  private final Set<String> leaving = new HashSet<>();

  LiveRoutes(ModelCamelContext context, RouteLoader loader, SinkNews news, Clock clock) {
    this.context = context;
    this.loader = loader;
    this.news = news;
    this.clock = clock;
  }

  /**
   * Loads a file at the start.
   *
   * @param isOffLeftOut whether one whose every route is switched off by a setting is only shown
   */
  RouteFile add(RouteText content, boolean isOffLeftOut) {
    LiveFile file = new LiveFile(content.path());
    files.put(file.path, file);
    file.wanted = content;
    Optional<Set<String>> off = isOffLeftOut ? content.switchedOff(this::isOff) : Optional.empty();
    if (off.isPresent()) {
      off.get().forEach(news::off);
      return new RouteFile(file.path, List.of(), null);
    }
    try {
      file.routes = loader.load(content, taken(file));
      file.text = content;
    } catch (Exception e) {
      refuse(file, e, remark(file));
    }
    return new RouteFile(
        file.path, file.routes == null ? List.of() : file.routes.routeIds(), file.problem);
  }

  private boolean isOff(String placeholder) {
    try {
      return "false".equals(context.resolvePropertyPlaceholders(placeholder));
    } catch (IllegalArgumentException e) {
      LOG.debug("A switch without a value; loading its file will tell", e);
      return false;
    }
  }

  /** Takes note of what changed on the disk. */
  void wants(List<SettledFiles.Change> changes) {
    for (SettledFiles.Change change : changes) {
      LiveFile file = files.computeIfAbsent(change.path(), LiveFile::new);
      file.wanted = change.content();
      file.checked = null;
      file.isPending = true;
      file.isTold = false;
      file.isBack = false;
    }
  }

  /** Does what can be done now; whether something is left to do. */
  boolean step() {
    // What goes makes room for what comes.
    List<LiveFile> pending = new ArrayList<>(files.values());
    pending.removeIf(file -> !file.isPending);
    pending.sort(
        java.util.Comparator.comparingInt(
            file -> file.wanted == null ? -1 : RouteOrder.rank(file.wanted)));
    boolean isRoomMade = false;
    for (LiveFile file : pending) {
      isRoomMade |= advance(file) == Step.DONE;
    }
    Set<String> shown = sinksOf(files.values());
    files.values().stream().filter(f -> f.wanted != null).forEach(f -> shown.addAll(f.shownAs()));
    leaving.removeIf(sink -> shown.contains(sink) || news.removed(sink));
    if (isRoomMade) {
      files.values().stream().filter(file -> file.isClash).forEach(file -> file.isPending = true);
    }
    return !leaving.isEmpty() || files.values().stream().anyMatch(file -> file.isPending);
  }

  private enum Step {
    WAITS,
    REFUSED,
    DONE
  }

  private Step advance(LiveFile file) {
    if (file.routes != null && !file.isAgain && file.text.equals(file.wanted)) {
      undo(file);
      settle(file);
      return Step.DONE;
    }
    if (file.wanted != null && file.checked == null) {
      try {
        file.checked = loader.check(file.next(), taken(file), file.routes);
      } catch (Exception e) {
        undo(file);
        file.isPending = false;
        // Its last version is out, or is to come under another error policy.
        boolean isBack = !file.isBack && file.text != null && (file.isAgain || file.routes == null);
        refuse(file, e, remark(file));
        file.isBack = isBack;
        file.isAgain = isBack;
        file.isPending = isBack;
        return Step.REFUSED;
      }
    }
    if (file.routes != null && !takenOut(file)) {
      return Step.WAITS;
    }
    if (file.wanted == null) {
      files.remove(file.path);
      file.sinkByName().ifPresent(leaving::add);
      leaving.addAll(file.brokenSinks);
      changed(file);
      news.solved(file.name());
      LOG.info("Removed {}: its routes are stopped", file.name());
      return Step.DONE;
    }
    if (!file.checked.stream().allMatch(news::isFree)) {
      tellWaiting(file, file.checked);
      return Step.WAITS;
    }
    return replace(file);
  }

  private Step replace(LiveFile file) {
    try {
      use(file, file.next());
      if (file.isBack) {
        settleBack(file);
      } else {
        settle(file);
      }
      LOG.info("Loaded {}: {}", file.name(), file.routes.routeIds());
      return Step.DONE;
    } catch (Exception e) {
      RouteText last = file.text;
      file.text = null;
      try {
        if (last != null) {
          use(file, last);
        }
      } catch (Exception again) {
        e.addSuppressed(again);
      }
      file.isPending = false;
      file.isBack = false;
      refuse(file, e, remark(file));
      return Step.REFUSED;
    }
  }

  /** The trouble with what is wanted is still there. */
  private void settleBack(LiveFile file) {
    file.isPending = false;
    file.isAgain = false;
    file.isBack = false;
    file.checked = null;
    tellBroken(file, remark(file));
  }

  private static String remark(LiveFile file) {
    return file.text == null
        ? "the file is skipped, all others run"
        : "the version before it goes on";
  }

  /** Stops and removes what runs; false while something is under way. */
  private boolean takenOut(LiveFile file) {
    if (file.draining == null) {
      if (file.wanted != null) {
        file.changing = file.sinks();
        file.changing.forEach(news::changing);
      }
      file.draining = new Draining(context, file.routes, clock);
    }
    if (!file.draining.isDone()) {
      if (file.draining.waited().compareTo(WORTH_TELLING) > 0) {
        tellWaiting(file, file.sinks());
      }
      return false;
    }
    boolean isLate = file.draining.isTooLong();
    LoadedRoutes routes = file.routes;
    file.routes = null;
    file.draining = null;
    leaving.addAll(routes.sinks());
    try {
      loader.remove(routes, isLate ? STOP_SECONDS_WHEN_LATE : STOP_SECONDS);
    } catch (Exception e) {
      LOG.error(
          "Stopping the routes of {}: {}",
          file.name(),
          ErrorText.masked(ProblemText.of(e, file.text)),
          e);
    }
    if (!routes.policies().isEmpty()) {
      loadSinksAgain(file);
    }
    return true;
  }

  private void use(LiveFile file, RouteText content) throws Exception {
    file.routes = loader.load(content, taken(file));
    file.text = content;
    if (!file.routes.policies().isEmpty()) {
      loadSinksAgain(file);
    }
  }

  /** An error policy holds for routes that come after it, and is meant for the sinks. */
  private void loadSinksAgain(LiveFile policy) {
    for (LiveFile file : files.values()) {
      if (file != policy && !file.sinks().isEmpty()) {
        file.isPending = true;
        file.isAgain = true;
      }
    }
  }

  private void changed(LiveFile file) {
    file.changing.forEach(news::changed);
    file.changing = Set.of();
  }

  private void undo(LiveFile file) {
    changed(file);
    if (file.draining != null) {
      file.draining.undo();
      file.draining = null;
    }
  }

  private void settle(LiveFile file) {
    changed(file);
    file.isPending = false;
    file.isAgain = false;
    file.isClash = false;
    file.problem = null;
    news.solved(file.name());
    file.shownAs().forEach(news::mended);
    leaving.addAll(file.brokenSinks);
    file.brokenSinks = Set.of();
    file.sinkByName().filter(sink -> !file.sinks().contains(sink)).ifPresent(leaving::add);
  }

  private void refuse(LiveFile file, Exception e, String remark) {
    changed(file);
    file.isAgain = false;
    file.isClash = e instanceof RouteNames.ClashException;
    String problem = ErrorText.masked(ProblemText.of(e, file.wanted));
    if (!problem.equals(file.problem)) {
      LOG.error("Loading {}: {} — {}", file.path, problem, remark);
      LOG.debug("Loading {}", file.path, e);
    }
    file.problem = problem;
    tellBroken(file, remark);
  }

  private void tellBroken(LiveFile file, String remark) {
    Set<String> shown = new HashSet<>(file.shownAs());
    // A clash is this file's trouble and not that of the sink whose name it takes.
    shown.removeIf(sink -> !file.sinks().contains(sink) && sinksOf(files.values()).contains(sink));
    shown.forEach(sink -> news.broken(sink, file.name() + ", " + file.problem, remark));
    leaving.addAll(file.brokenSinks);
    file.brokenSinks = Set.copyOf(shown);
    if (shown.isEmpty()) {
      news.problem(file.name(), file.problem + " — " + remark);
    } else {
      news.solved(file.name());
    }
  }

  private void tellWaiting(LiveFile file, Set<String> sinks) {
    String reason =
        file.name()
            + (file.wanted == null ? " was deleted" : " was changed")
            + ", but its last run has not ended, as its target does not answer — the change takes"
            + " effect as soon as it has";
    sinks.forEach(sink -> news.waiting(sink, reason));
    if (!file.isTold) {
      file.isTold = true;
      LOG.warn("Loading {}: {}", file.path, reason);
    }
  }

  private static Set<String> sinksOf(Iterable<LiveFile> files) {
    Set<String> sinks = new HashSet<>();
    files.forEach(file -> sinks.addAll(file.sinks()));
    return sinks;
  }

  private RouteNames.Taken taken(LiveFile except) {
    Map<String, String> ids = new HashMap<>();
    Map<String, String> sinks = new HashMap<>();
    for (LiveFile file : files.values()) {
      if (file != except && file.routes != null) {
        file.routes.routeIds().stream()
            .filter(Objects::nonNull)
            .forEach(id -> ids.put(id, file.name()));
        file.sinks().forEach(sink -> sinks.put(sink, file.name()));
      }
    }
    return new RouteNames.Taken(ids, sinks);
  }
}
