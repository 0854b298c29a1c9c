// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;

/** Which accounts a template becomes a route for. */
class AccountRoutesTest {

  @Test
  void aTemplateSaysWhoseAccountsItIsForAndWithoutAWordTheyAreBmws() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              routeTemplate("plain")
                  .templateParameter("account")
                  .from("direct:plain-{{account}}")
                  .to("log:x");
              routeTemplate("theirs")
                  .templateParameter("account")
                  .templateParameter("source", "highmobility")
                  .from("direct:{{source}}-{{account}}")
                  .to("log:x");
              routeTemplate("both")
                  .templateParameter("account")
                  .templateParameter("source", "any")
                  .from("direct:both-{{account}}")
                  .to("log:x");
              routeTemplate("none").from("direct:none").to("log:x");
            }
          });
      AccountRoutes routes = new AccountRoutes(context, List.of("main", "wife"), List.of("fleet"));
      routes.addMissing();
      routes.addMissing();

      assertThat(context.getRouteDefinitions())
          .extracting(RouteDefinition::getRouteId)
          .containsExactlyInAnyOrder(
              "plain-main", "plain-wife", "theirs-fleet", "both-main", "both-wife", "both-fleet");
    }
  }
}
