// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainHttpServerFactory;

/**
 * What the Camel CLI asks for a server when it meets a {@code platform-http:} route: our own one,
 * with its address, password and check of the Host header, in place of an open one on every network
 * interface. Immutable.
 */
final class GuardedServers implements MainHttpServerFactory {

  private final Function<CamelContext, ? extends Service> ours;

  /** With a function that gives the one server of a context. */
  GuardedServers(Function<CamelContext, ? extends Service> ours) {
    this.ours = ours;
  }

  /** Our server; host and port are those of {@code cardata.http}, whatever Camel's own say. */
  @Override
  public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties ignored) {
    return ours.apply(context);
  }

  /** Camel's own one, for who asks the CLI for its console. */
  @Override
  public Service newHttpManagementServer(
      CamelContext context, HttpManagementServerConfigurationProperties configuration) {
    return new DefaultMainHttpServerFactory().newHttpManagementServer(context, configuration);
  }
}
