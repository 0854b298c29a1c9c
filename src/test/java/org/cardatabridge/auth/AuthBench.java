// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.settings.Settings;

/** The shipped route files with one or more accounts, put together by hand. */
final class AuthBench implements AutoCloseable {

  /** The beans of one account. */
  record Account(TokenStore tokens, DeviceLogin login, TokenRefresh refresh) {}

  private final CamelContext context = new DefaultCamelContext();
  private final Map<String, Account> accounts = new HashMap<>();
  private final Clock clock;
  private final boolean byHand;
  private UnaryOperator<String> edit;
  final List<String> terminal = new CopyOnWriteArrayList<>();

  /** Ticks come from {@link #tick} if by hand, else from quartz as shipped. */
  AuthBench(Clock clock, boolean byHand) {
    this.clock = clock;
    this.byHand = byHand;
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

  /** Changes the text of each route file before it is loaded. */
  AuthBench edited(UnaryOperator<String> edit) {
    this.edit = edit;
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
    boolean changed = false;
    for (String file : List.of("auth-login", "auth-refresh")) {
      String shipped = Files.readString(Path.of("routes", file + ".camel.yaml"));
      String yaml = edit == null ? shipped : edit.apply(shipped);
      changed |= !yaml.equals(shipped);
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", yaml));
    }
    if (edit != null && !changed) {
      throw new IllegalStateException("the edit found nothing to change in the shipped routes");
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
      for (String template : templates()) {
        String id = template + "-" + name;
        context.addRouteFromTemplate(id, template, Map.of("account", name));
        if (byHand) {
          AdviceWith.adviceWith(context, id, advice -> advice.replaceFromWith("direct:" + id));
        }
      }
    }
    context.start();
    return this;
  }

  static List<String> templates() {
    return new ArrayList<>(List.of("auth-login-ask", "auth-login-poll", "auth-refresh"));
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
