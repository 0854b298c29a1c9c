// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;

/**
 * The names that a file's routes, sinks and beans go by: none of them may be another file's. Not
 * safe for use by several threads at once.
 */
final class RouteNames {

  private static final String EVENTS = "events:";

  private final ModelCamelContext context;
  private final AccountRoutes accountRoutes;

  RouteNames(ModelCamelContext context, AccountRoutes accountRoutes) {
    this.context = context;
    this.accountRoutes = accountRoutes;
  }

  /** Where a route id or a sink's name of other files stands. Both give the file's name. */
  record Taken(Map<String, String> routeIds, Map<String, String> sinks) {}

  /** A file that uses what belongs to another one. */
  static final class ClashException extends Exception {
    private static final long serialVersionUID = 1L;

    ClashException(String message) {
      super(message);
    }
  }

  /** Refuses a route that reads from where all write. */
  void refuseReadingPublish(RouteBuilder builder) {
    for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
      if (sink(route).filter("publish"::equals).isPresent()) {
        throw new RouteLoader.AtLineException(
            route.getInput().getLineNumber(),
            new IllegalArgumentException(
                "events:publish is for writing only — read from events: and a name of your own"));
      }
    }
  }

  /**
   * Refuses a bean's name that is taken; before Camel sees the file, as it would put the file's
   * bean in the place of the one there is.
   *
   * @param own the beans that the file binds already
   */
  void refuseTakenBeans(RouteText file, Set<String> own) throws ClashException {
    for (String bean : file.beanNames()) {
      if (!own.contains(bean) && context.getRegistry().lookupByName(bean) != null) {
        throw new ClashException(
            "the bean name '"
                + bean
                + "' is taken by the bridge or another file — give the bean in "
                + file.fileName()
                + " a name of its own");
      }
    }
  }

  /**
   * Refuses a route id or a sink's name that another file has.
   *
   * @throws ClashException with both files
   */
  void refuseClashes(RouteBuilder builder, RouteText file, Taken taken) throws ClashException {
    Set<String> ids = new LinkedHashSet<>();
    builder.getRouteCollection().getRoutes().forEach(r -> ids.add(String.valueOf(r.getRouteId())));
    builder
        .getRouteTemplateCollection()
        .getRouteTemplates()
        .forEach(template -> ids.addAll(accountRoutes.idsOf(template)));
    for (TemplatedRouteDefinition templated :
        builder.getTemplatedRouteCollection().getTemplatedRoutes()) {
      ids.add(String.valueOf(templated.getRouteId()));
    }
    for (String id : ids) {
      String other = taken.routeIds().get(id);
      if (other != null) {
        throw new ClashException(
            "the route id '"
                + id
                + "' is taken by "
                + other
                + " — give the route in "
                + file.fileName()
                + " an id of its own");
      }
    }
    for (String sink : sinks(builder)) {
      String other = taken.sinks().get(sink);
      if (other != null) {
        throw new ClashException(
            other
                + " reads events:"
                + sink
                + " already — give the sink in "
                + file.fileName()
                + " a name of its own");
      }
    }
  }

  /** The names that the routes read under, as in {@code events:<name>}. */
  Set<String> sinks(RouteBuilder builder) {
    Set<String> sinks = new LinkedHashSet<>();
    for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
      sink(route).ifPresent(sinks::add);
    }
    return sinks;
  }

  private Optional<String> sink(RouteDefinition route) {
    String uri = route.getInput().getEndpointUri();
    if (uri == null || !uri.startsWith(EVENTS)) {
      return Optional.empty();
    }
    String name = uri.substring(EVENTS.length()).replaceAll("^/+|\\?.*", "");
    return Optional.of(name.contains("{{") ? context.resolvePropertyPlaceholders(name) : name);
  }
}
