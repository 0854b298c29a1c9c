// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/** The settings below {@code cardata.sink.notify.}, read and checked. Immutable. */
final class NotifySettings {

  static final String PREFIX = "cardata.sink.notify.";

  private final Settings settings;
  private final ZoneId zone;
  private final QuietHours quietHours;
  private final Set<String> urgent;
  private final List<Channel> channels;

  /** What a sink that is off need not mind; null where all is well. */
  private final BadSettingException problem;

  /**
   * Reads them all.
   *
   * @param systemZone where no zone is set
   * @throws BadSettingException where the sink is on and one is of no use, or no channel is set
   */
  NotifySettings(Settings settings, ZoneId systemZone) {
    this.settings = settings;
    ZoneId zone = systemZone;
    List<Channel> channels = List.of();
    BadSettingException problem = null;
    try {
      zone = find("zone").map(NotifySettings::zone).orElse(systemZone);
      channels = readChannels();
      checkRules();
    } catch (BadSettingException e) {
      if (isOn(settings)) {
        throw e;
      }
      problem = e;
    }
    this.zone = zone;
    this.channels = channels;
    this.problem = problem;
    this.quietHours = QuietHours.of(find("quiet-hours").orElse(null), zone);
    this.urgent = Set.copyOf(settings.list(PREFIX + "urgent"));
  }

  /** Whether notifications are switched on. */
  static boolean isOn(Settings settings) {
    return settings.find(PREFIX + "enabled").filter("true"::equalsIgnoreCase).isPresent();
  }

  private void checkRules() {
    for (String rule : settings.list(PREFIX + "urgent")) {
      if (!rule.matches("[a-z0-9-]+")) {
        throw new BadSettingException(PREFIX + "urgent", rule, "names of rules, comma separated");
      }
    }
  }

  /**
   * Returns where the settings can be used.
   *
   * @throws BadSettingException what is wrong with them
   */
  void check() {
    if (problem != null) {
      throw problem;
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new BadSettingException(PREFIX + "zone", name, "a zone such as Europe/Berlin");
    }
  }

  private List<Channel> readChannels() {
    List<Channel> all = new ArrayList<>();
    if (both("telegram.token", "telegram.chat-id")) {
      all.add(new Telegram(get("telegram.url"), get("telegram.token"), get("telegram.chat-id")));
    }
    find("ntfy.url").ifPresent(url -> all.add(new Ntfy(url, find("ntfy.token").orElse(null))));
    if (both("gotify.url", "gotify.token")) {
      all.add(new Gotify(get("gotify.url"), get("gotify.token")));
    }
    find("webhook.url").ifPresent(url -> all.add(new Hook(url)));
    if (all.isEmpty()) {
      throw new BadSettingException(
          PREFIX
              + "enabled: is true, but there is no way to send a notification — set "
              + PREFIX
              + "telegram.token and "
              + PREFIX
              + "telegram.chat-id, or "
              + PREFIX
              + "ntfy.url, or "
              + PREFIX
              + "gotify.url and "
              + PREFIX
              + "gotify.token, or "
              + PREFIX
              + "webhook.url");
    }
    return List.copyOf(all);
  }

  private boolean both(String one, String other) {
    boolean hasOne = find(one).isPresent();
    boolean hasOther = find(other).isPresent();
    if (hasOne != hasOther) {
      throw new BadSettingException(
          PREFIX
              + (hasOne ? other : one)
              + ": got nothing, takes a value while "
              + PREFIX
              + (hasOne ? one : other)
              + " is set");
    }
    return hasOne;
  }

  /** Where notices go to; at least one. */
  List<Channel> channels() {
    return channels;
  }

  ZoneId zone() {
    return zone;
  }

  /** Null where there are none. */
  QuietHours quietHours() {
    return quietHours;
  }

  String language() {
    return get("language");
  }

  /** Older data than this is no news. */
  Duration maxAge() {
    return settings.duration(PREFIX + "max-age");
  }

  /** The bridge's page as the user reaches it. */
  Optional<String> pageUrl() {
    return find("page-url");
  }

  boolean isOn(String rule) {
    return !find(rule + ".enabled").filter("false"::equalsIgnoreCase).isPresent();
  }

  boolean isUrgent(String rule) {
    return urgent.contains(rule);
  }

  boolean hasSeveralAccounts() {
    return settings.everyAccount().size() > 1;
  }

  /** A rule's limit; none for a rule without that setting. */
  Duration duration(String key) {
    return find(key).isPresent() ? settings.duration(PREFIX + key) : Duration.ZERO;
  }

  int integer(String key) {
    return settings.integer(PREFIX + key);
  }

  boolean flag(String key) {
    return settings.flag(PREFIX + key);
  }

  Optional<String> find(String key) {
    return settings.find(PREFIX + key);
  }

  private String get(String key) {
    return settings.get(PREFIX + key);
  }
}
