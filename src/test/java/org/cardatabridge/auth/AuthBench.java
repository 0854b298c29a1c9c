// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ShippedRoute;

/** The shipped route files with one or more accounts, put together by hand. */
final class AuthBench implements AutoCloseable {

  /** The beans of one account. */
  record Account(TokenStore tokens, DeviceLogin login, TokenRefresh refresh) {}

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Map<String, Account> accounts = new HashMap<>();
  private final Clock clock;
  private final boolean byHand;
  private final Map<String, ShippedRoute> files = new LinkedHashMap<>();
  final List<String> terminal = new CopyOnWriteArrayList<>();

  /** Ticks come from {@link #tick} if by hand, else from quartz as shipped. */
  AuthBench(Clock clock, boolean byHand) {
    this.clock = clock;
    this.byHand = byHand;
    for (String file : List.of("auth-http", "auth-login-answer", "auth-login", "auth-refresh")) {
      files.put(file, ShippedRoute.of(file));
    }
  }

  static Map<String, String> settings(Path dataDir, String url) {
    Map<String, String> settings = new HashMap<>();
    settings.put("cardata.client-id", "client-1");
    settings.put("cardata.scope", FakeLoginServer.SCOPE);
    settings.put("cardata.auth.url", url);
    settings.put("cardata.auth.device-code-path", "/gcdm/oauth/device/code");
    settings.put("cardata.auth.token-path", "/gcdm/oauth/token");
    settings.put("cardata.auth.refresh-before", "10m");
    settings.put("cardata.data-dir", dataDir.toString());
    return settings;
  }

  /** Takes this instead of the shipped text. */
  AuthBench edited(ShippedRoute file) {
    files.put(file.file(), file);
    return this;
  }

  AuthBench start(Path caFile, Settings settings, String... names) throws Exception {
    context.getRegistry().bind("bmwHttp", new BmwHttp(new BmwTrust(caFile)));
    context
        .getPropertiesComponent()
        .addPropertiesFunction(
            new PropertiesFunction() {
              @Override
              public String getName() {
                return "account";
              }

              @Override
              public String apply(String remainder) {
                int at = remainder.indexOf(':');
                return settings
                    .forAccount(remainder.substring(0, at))
                    .get("cardata." + remainder.substring(at + 1));
              }
            });
    for (ShippedRoute file : files.values()) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
    }
    for (String name : names) {
      Settings own = settings.forAccount(name);
      TokenStore tokens = new TokenStore(name, own, clock, List.of());
      DeviceLogin login = new DeviceLogin(name, own, tokens, clock, new Random(1), terminal::add);
      TokenRefresh refresh = new TokenRefresh(name, own, tokens, login, clock, new Random(1));
      accounts.put(name, new Account(tokens, login, refresh));
      context.getRegistry().bind("tokens-" + name, tokens);
      context.getRegistry().bind("login-" + name, login);
      context.getRegistry().bind("refresh-" + name, refresh);
    }
    new AccountRoutes(context, List.of(names)).addMissing();
    for (String name : names) {
      for (String template : byHand ? ticking() : List.<String>of()) {
        String id = template + "-" + name;
        AdviceWith.adviceWith(context, id, advice -> advice.replaceFromWith("direct:" + id));
      }
    }
    context.start();
    return this;
  }

  /** The templates that quartz drives. */
  static List<String> ticking() {
    return List.of("auth-login-ask", "auth-login-poll", "auth-refresh");
  }

  Account account(String name) {
    return accounts.get(name);
  }

  CamelContext context() {
    return context;
  }

  /** One second's tick of a route. */
  void tick(String template, String account) {
    context.createFluentProducerTemplate().to("direct:" + template + "-" + account).send();
  }

  @Override
  public void close() {
    context.stop();
  }
}
