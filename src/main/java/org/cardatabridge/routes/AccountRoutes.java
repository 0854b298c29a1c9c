// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.List;
import java.util.Map;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;

/**
 * Makes one route for each account from every route template that has the parameter {@code
 * account}. Not safe for use by several threads at once.
 */
public final class AccountRoutes {

  private static final String PARAMETER = "account";

  private final ModelCamelContext context;
  private final List<String> accounts;

  /** For the templates of a context and the names of {@code cardata.accounts}. */
  public AccountRoutes(ModelCamelContext context, List<String> accounts) {
    this.context = context;
    this.accounts = List.copyOf(accounts);
  }

  /**
   * Adds {@code <template>-<account>} where it is not there yet.
   *
   * @throws Exception what Camel throws for a route that it cannot make
   */
  public void addMissing() throws Exception {
    for (RouteTemplateDefinition template : List.copyOf(context.getRouteTemplateDefinitions())) {
      for (String account : accountsOf(template)) {
        String id = id(template, account);
        if (context.getRouteDefinition(id) == null) {
          context.addRouteFromTemplate(id, template.getId(), Map.of(PARAMETER, account));
        }
      }
    }
  }

  /** The ids of the routes that a template becomes. */
  List<String> idsOf(RouteTemplateDefinition template) {
    return accountsOf(template).stream().map(account -> id(template, account)).toList();
  }

  private static String id(RouteTemplateDefinition template, String account) {
    return template.getId() + "-" + account;
  }

  private List<String> accountsOf(RouteTemplateDefinition template) {
    boolean perAccount =
        template.getTemplateParameters() != null
            && template.getTemplateParameters().stream()
                .anyMatch(p -> PARAMETER.equals(p.getName()));
    return perAccount ? accounts : List.of();
  }
}
