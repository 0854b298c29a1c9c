// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Whether somebody expects the bridge to go through a proxy, which it does not. */
final class ProxyCheck implements Check {

  private static final List<String> VARIABLES =
      List.of("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy");
  private static final List<String> PROPERTIES =
      List.of("https.proxyHost", "socksProxyHost", "http.proxyHost");

  private final Function<String, String> variables;
  private final Function<String, String> properties;
  private final Host stream;
  private final TlsProbe probe;

  /** For an environment and for Java's properties; both give null for what is not set. */
  ProxyCheck(
      Function<String, String> variables,
      Function<String, String> properties,
      Host stream,
      TlsProbe probe) {
    this.variables = variables;
    this.properties = properties;
    this.stream = stream;
    this.probe = probe;
  }

  @Override
  public String id() {
    return "proxy";
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", "dns-" + stream.role());
  }

  @Override
  public Finding look() {
    Optional<String> set =
        VARIABLES.stream()
            .filter(name -> isSet(variables.apply(name)))
            .findFirst()
            .or(() -> PROPERTIES.stream().filter(p -> isSet(properties.apply(p))).findFirst());
    if (set.isEmpty()) {
      return Finding.ok("proxy.none");
    }
    return probe.look(stream).problem() == TlsProbe.Problem.UNREACHABLE
        ? Finding.warning(
            "proxy.needed", "name", set.get(), "host", stream.name() + ":" + stream.port())
        : Finding.ok("proxy.unused", "name", set.get());
  }

  private static boolean isSet(String text) {
    return text != null && !text.isBlank();
  }
}
