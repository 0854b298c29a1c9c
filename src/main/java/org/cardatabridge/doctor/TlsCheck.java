// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Set;

/** Whether a host answers inside TLS, and is who it should be. */
final class TlsCheck implements Check {

  private final Host host;
  private final String suffix;
  private final TlsProbe probe;

  /**
   * For one host.
   *
   * @param suffix behind the id, where another account has another host; empty for none
   */
  TlsCheck(Host host, String suffix, TlsProbe probe) {
    this.host = host;
    this.suffix = suffix;
    this.probe = probe;
  }

  @Override
  public String id() {
    return "tls-" + host.role() + suffix;
  }

  @Override
  public String title() {
    return "tls-" + host.role();
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", "clock", "dns-" + host.role() + suffix);
  }

  @Override
  public java.time.Duration limit() {
    return java.time.Duration.ofSeconds(15);
  }

  @Override
  public Finding look() {
    TlsProbe.Seen seen = probe.look(host);
    String name = host.name() + ":" + host.port();
    return switch (seen.problem()) {
      case UNREACHABLE -> Finding.failed("tls.unreachable", "host", name, "reason", seen.detail());
      case TOO_OLD -> Finding.failed("tls.old", "host", name);
      case UNTRUSTED -> Finding.failed("tls.intercepted", "host", name, "issuer", seen.issuer());
      case WRONG_NAME -> Finding.failed("tls.name", "host", name, "subject", seen.subject());
      case REFUSED -> Finding.failed("tls.refused", "host", name, "reason", seen.detail());
      case EXPIRED ->
          Finding.failed("tls.expired", "host", name, "from", seen.from(), "until", seen.until());
      case OTHER -> Finding.failed("tls.failed", "host", name, "reason", seen.detail());
      default ->
          host.role().equals("stream") && !seen.protocol().equals("TLSv1.3")
              ? Finding.warning("tls.not-newest", "host", name, "protocol", seen.protocol())
              : Finding.ok(
                  "tls.ok", "host", name, "protocol", seen.protocol(), "until", seen.until());
    };
  }
}
