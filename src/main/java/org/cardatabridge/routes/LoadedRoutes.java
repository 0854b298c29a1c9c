// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.List;
import java.util.Set;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.rest.RestDefinition;

/**
 * What one file has added to the context, so that it can be taken out again. Immutable.
 *
 * @param routes its routes, also those made of its templates, in the order they were added
 * @param policies its {@code routeConfiguration} parts
 * @param beans the names of the beans it binds
 * @param sinks the names that its routes read under, as in {@code events:<name>}
 */
record LoadedRoutes(
    List<RouteDefinition> routes,
    List<RouteTemplateDefinition> templates,
    List<RouteConfigurationDefinition> policies,
    List<RestDefinition> rests,
    Set<String> beans,
    Set<String> sinks) {

  /** Copies the lists. */
  LoadedRoutes {
    routes = List.copyOf(routes);
    templates = List.copyOf(templates);
    policies = List.copyOf(policies);
    rests = List.copyOf(rests);
    beans = Set.copyOf(beans);
    sinks = Set.copyOf(sinks);
  }

  List<String> routeIds() {
    return routes.stream().map(RouteDefinition::getRouteId).toList();
  }
}
