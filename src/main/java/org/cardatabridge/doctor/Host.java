// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.net.URI;
import org.cardatabridge.settings.Settings;

/**
 * One of the hosts of BMW or High Mobility. Immutable.
 *
 * @param role {@code auth}, {@code api}, {@code stream} or {@code highmobility}
 * @param name host name or address
 * @param port TCP port
 * @param isHttp whether it speaks HTTPS and may be asked for the time
 * @param setting which setting names it
 */
record Host(String role, String name, int port, boolean isHttp, String setting) {

  private static final int HTTPS = 443;

  static Host auth(Settings settings) {
    return web("auth", settings, "cardata.auth.url", true);
  }

  static Host api(Settings settings) {
    // Nobody knows what counts as one of the day's calls there, so nothing is asked.
    return web("api", settings, "cardata.api.url", false);
  }

  static Host stream(Settings settings) {
    return new Host(
        "stream",
        settings.get("cardata.stream.host"),
        settings.integer("cardata.stream.port"),
        false,
        "cardata.stream.host");
  }

  static Host highMobility(Settings settings) {
    return new Host(
        "highmobility",
        settings.get("cardata.highmobility.host"),
        settings.integer("cardata.highmobility.port"),
        false,
        "cardata.highmobility.host");
  }

  private static Host web(String role, Settings settings, String setting, boolean isAsked) {
    URI uri = URI.create(settings.get(setting));
    String name = uri.getHost() == null ? "" : uri.getHost().replaceAll("[\\[\\]]", "");
    return new Host(role, name, uri.getPort() < 0 ? HTTPS : uri.getPort(), isAsked, setting);
  }

  /** Whether it is on the Internet, and not a simulator or a proxy of the user's. */
  boolean isPublic() {
    return name.endsWith("." + domain());
  }

  /** Whose it is. */
  String owner() {
    return asksWho() ? "High Mobility" : "BMW";
  }

  /** What the owner's hosts are below. */
  String domain() {
    return asksWho() ? "high-mobility.com" : "bmwgroup.com";
  }

  /** Whether it takes nobody without a certificate that it knows. */
  boolean asksWho() {
    return role.equals("highmobility");
  }
}
