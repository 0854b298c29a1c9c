// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Has the routes of one file take in nothing more, and tells when what they are at is done, so that
 * they can be removed without harm to a message under way. Whoever calls a {@code direct:} route
 * waits meanwhile. Not safe for use by several threads at once.
 */
final class Draining {

  /**
   * A sink may repeat what was under way; another route (a login, an upload) may not be able to.
   */
  private static final Duration SINK_PATIENCE = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String DIRECT = "direct:";

  private final CamelContext context;
  private final LoadedRoutes routes;
  private final Clock clock;
  private final Instant since;
  private boolean wasQuiet;

  Draining(CamelContext context, LoadedRoutes routes, Clock clock) {
    this.context = context;
    this.routes = routes;
    this.clock = clock;
    this.since = clock.instant();
  }

  /** Whether nothing is under way any more, or it takes too long. */
  boolean isDone() {
    // What the file's other routes are at may need its direct: routes to come to an end.
    List<Route> started = started();
    List<Route> begin = started.stream().filter(route -> !isCalled(route)).toList();
    List<Route> called = started.stream().filter(Draining::isCalled).toList();
    boolean isQuiet = isQuiet(begin) && isQuiet(called);
    // A call that had found its route just before that was held is seen at the next look.
    boolean isSure = called.isEmpty() || wasQuiet;
    wasQuiet = isQuiet;
    return isQuiet && isSure || isTooLong();
  }

  private boolean isQuiet(List<Route> some) {
    some.stream().filter(Draining::mayBeHeld).forEach(r -> hold(r.getConsumer()));
    return some.stream()
        .filter(Draining::mayBeHeld)
        .allMatch(route -> context.getInflightRepository().size(route.getRouteId()) == 0);
  }

  /** Whether the time is over in which what is under way may end by itself. */
  boolean isTooLong() {
    return waited().compareTo(routes.sinks().isEmpty() ? PATIENCE : SINK_PATIENCE) > 0;
  }

  Duration waited() {
    return Duration.between(since, clock.instant());
  }

  /** The routes go on as they were. */
  void undo() {
    for (Route route : started()) {
      if (mayBeHeld(route)) {
        ServiceHelper.resumeService(route.getConsumer());
      }
    }
  }

  private static void hold(Consumer consumer) {
    ServiceHelper.suspendService(consumer);
  }

  private static boolean isCalled(Route route) {
    return route.getEndpoint().getEndpointUri().startsWith(DIRECT);
  }

  /** A policy wants to hear of the stop, and does what is needed itself. */
  private static boolean mayBeHeld(Route route) {
    return route.getRoutePolicyList() == null || route.getRoutePolicyList().isEmpty();
  }

  private List<Route> started() {
    return routes.routeIds().stream()
        .filter(id -> context.getRouteController().getRouteStatus(id) == ServiceStatus.Started)
        .map(context::getRoute)
        .filter(java.util.Objects::nonNull)
        .toList();
  }
}
