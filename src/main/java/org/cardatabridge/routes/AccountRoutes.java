// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.cardatabridge.api.RestAction;

/**
 * Makes one route for each account from every route template that has the parameter {@code
 * account}; from one that has the parameter {@code action} as well, one for each action of {@link
 * RestAction} that has a {@code cardata.api.<action>.cron}. A template is for BMW accounts, unless
 * its parameter {@code source} has the default {@code highmobility}, which is for certificates of
 * High Mobility, or {@code any}. Not safe for use by several threads at once.
 */
public final class AccountRoutes {

  private static final String ACCOUNT = "account";
  private static final String ACTION = "action";

  private static final String SOURCE = "source";
  private static final String HIGH_MOBILITY = "highmobility";
  private static final String ANY = "any";

  private final ModelCamelContext context;
  private final List<String> bmw;
  private final List<String> certificates;

  /** For the templates of a context and the names of {@code cardata.accounts}. */
  public AccountRoutes(ModelCamelContext context, List<String> bmw) {
    this(context, bmw, List.of());
  }

  /**
   * The same beside High Mobility.
   *
   * @param certificates those names of {@code cardata.highmobility.accounts} that are in use
   */
  public AccountRoutes(ModelCamelContext context, List<String> bmw, List<String> certificates) {
    this.context = context;
    this.bmw = List.copyOf(bmw);
    this.certificates = List.copyOf(certificates);
  }

  /**
   * Adds {@code <template>-<account>}, or {@code <template>-<action>-<account>}, where it is not
   * there yet.
   *
   * @throws Exception what Camel throws for a route that it cannot make
   */
  public void addMissing() throws Exception {
    for (RouteTemplateDefinition template : List.copyOf(context.getRouteTemplateDefinitions())) {
      for (Map.Entry<String, Map<String, Object>> route : routesOf(template).entrySet()) {
        if (context.getRouteDefinition(route.getKey()) == null) {
          context.addRouteFromTemplate(route.getKey(), template.getId(), route.getValue());
        }
      }
    }
  }

  /** The ids of the routes that a template becomes. */
  List<String> idsOf(RouteTemplateDefinition template) {
    return List.copyOf(routesOf(template).keySet());
  }

  /** The parameters of each route by its id. */
  private Map<String, Map<String, Object>> routesOf(RouteTemplateDefinition template) {
    Map<String, Map<String, Object>> routes = new LinkedHashMap<>();
    if (!has(template, ACCOUNT)) {
      return routes;
    }
    for (String account : accountsOf(template)) {
      if (has(template, ACTION)) {
        for (String action : scheduled(account)) {
          routes.put(
              template.getId() + "-" + action + "-" + account,
              Map.of(ACCOUNT, account, ACTION, action));
        }
      } else {
        routes.put(template.getId() + "-" + account, Map.of(ACCOUNT, account));
      }
    }
    return routes;
  }

  private List<String> accountsOf(RouteTemplateDefinition template) {
    String source =
        template.getTemplateParameters().stream()
            .filter(p -> SOURCE.equals(p.getName()))
            .findFirst()
            .map(RouteTemplateParameterDefinition::getDefaultValue)
            .orElse("");
    return switch (source) {
      case HIGH_MOBILITY -> certificates;
      case ANY -> Stream.concat(bmw.stream(), certificates.stream()).toList();
      default -> bmw;
    };
  }

  private static boolean has(RouteTemplateDefinition template, String parameter) {
    return template.getTemplateParameters() != null
        && template.getTemplateParameters().stream().anyMatch(p -> parameter.equals(p.getName()));
  }

  private List<String> scheduled(String account) {
    return Arrays.stream(RestAction.values())
        .map(RestAction::word)
        .filter(
            word ->
                !context
                    .resolvePropertyPlaceholders(
                        "{{account:" + account + ":api." + word + ".cron:}}")
                    .isBlank())
        .toList();
  }
}
