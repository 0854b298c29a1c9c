// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a host's name leads out of the house. */
final class DnsCheck implements Check {

  private final Host host;
  private final String suffix;
  private final Resolver resolver;

  /**
   * For one host.
   *
   * @param suffix behind the id, where another account has another host; empty for none
   */
  DnsCheck(Host host, String suffix, Resolver resolver) {
    this.host = host;
    this.suffix = suffix;
    this.resolver = resolver;
  }

  @Override
  public String id() {
    return "dns-" + host.role() + suffix;
  }

  @Override
  public String title() {
    return "dns-" + host.role();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings");
  }

  @Override
  public Finding look() {
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(host.name());
    } catch (UnknownHostException e) {
      return Finding.failed("dns.unknown", "host", host.name(), "setting", host.setting());
    }
    Optional<InetAddress> inside = addresses.stream().filter(DnsCheck::isInside).findFirst();
    if (host.isPublic() && inside.isPresent()) {
      return Finding.failed(
          "dns.intercepted",
          "host",
          host.name(),
          "address",
          inside.get().getHostAddress(),
          "owner",
          host.owner(),
          "domain",
          host.domain());
    }
    return Finding.ok("dns.ok", "host", host.name());
  }

  /** An answer of an ad blocker or of a router, for a host that is on the Internet. */
  private static boolean isInside(InetAddress address) {
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || (address.getAddress()[0] & 0xFE) == 0xFC && address.getAddress().length == 16;
  }
}
