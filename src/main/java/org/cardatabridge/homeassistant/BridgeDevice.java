// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.mqtt.Topics;

/**
 * The bridge itself as a device of Home Assistant: whether it runs, and how each account does.
 * Immutable and safe for use by many threads.
 */
final class BridgeDevice {

  private static final String DIAGNOSTIC = "diagnostic";

  private final Topics topics;
  private final String prefix;
  private final String language;
  private final String version;
  private final List<String> accounts;
  private final List<String> certificates;

  /**
   * With an entity for each state of each account.
   *
   * @param accounts those of BMW
   * @param certificates those of High Mobility
   */
  BridgeDevice(
      Topics topics,
      String prefix,
      String language,
      String version,
      List<String> accounts,
      List<String> certificates) {
    this.topics = topics;
    this.prefix = prefix;
    this.language = language;
    this.version = version;
    this.accounts = List.copyOf(accounts);
    this.certificates = List.copyOf(certificates);
  }

  /** The entries of an availability that say whether the bridge runs. */
  static List<Map<String, Object>> isThere(Topics topics) {
    if (isStatusOnly(topics)) {
      return List.of(
          ordered(
              "t",
              topics.base() + "/status",
              "val_tpl",
              "{{ 'online' if value_json.connected else 'offline' }}"));
    }
    return List.of(ordered("t", topics.base() + "/bridge/state"));
  }

  /** Whether the layout has one word for all: whether the stream stands. */
  private static boolean isStatusOnly(Topics topics) {
    return topics.layoutName().equals("dj0abr");
  }

  /** The topic of its message. */
  String topic() {
    return Discovery.topic(prefix, Ids.bridge(topics.base()));
  }

  /** The message. */
  Discovery message() {
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("ids", List.of(id()));
    device.put("name", said("CarData bridge", "CarData-Bridge"));
    device.put("mf", "cardata-bridge");
    device.put(
        "mdl",
        certificates.isEmpty()
            ? said("Bridge to BMW CarData", "Brücke zu BMW CarData")
            : accounts.isEmpty()
                ? said("Bridge to High Mobility", "Brücke zu High Mobility")
                : said(
                    "Bridge to BMW CarData and High Mobility",
                    "Brücke zu BMW CarData und High Mobility"));
    device.put("sw", version);
    Map<String, Map<String, Object>> entities = new LinkedHashMap<>();
    if (isStatusOnly(topics)) {
      Map<String, Object> stream = entity("binary_sensor", "connection", "Stream", "Datenstrom");
      stream.put("stat_t", topics.base() + "/status");
      stream.put("val_tpl", "{{ 'ON' if value_json.connected else 'OFF' }}");
      stream.put("dev_cla", "connectivity");
      stream.put("ent_cat", DIAGNOSTIC);
      entities.put("connection", stream);
      return new Discovery(topic(), device, entities);
    }
    Map<String, Object> running = entity("binary_sensor", "connection", "Running", "Läuft");
    running.put("stat_t", topics.base() + "/bridge/state");
    running.put("pl_on", "online");
    running.put("pl_off", "offline");
    running.put("dev_cla", "connectivity");
    running.put("ent_cat", DIAGNOSTIC);
    entities.put("connection", running);
    accounts.forEach(account -> addAccount(account, entities));
    certificates.forEach(account -> addCertificate(account, entities));
    return new Discovery(topic(), device, entities);
  }

  private String id() {
    return Ids.bridge(topics.base());
  }

  private String said(String english, String german) {
    return language.equals("de") ? german : english;
  }

  private void addAccount(String account, Map<String, Map<String, Object>> to) {
    addStream(account, to);
    add(
            to,
            account,
            "binary_sensor",
            "login_needed",
            "Login needed",
            "Anmeldung nötig",
            "'OFF' if s == 'authorized' else 'ON' if s else 'None'")
        .putAll(ordered("dev_cla", "problem"));
    add(
            to,
            account,
            "binary_sensor",
            "scope_missing",
            "Permission missing",
            "Berechtigung fehlt",
            "'ON' if (a.login | default({})).missingScopes else 'OFF'")
        .putAll(ordered("dev_cla", "problem"));
    add(
            to,
            account,
            "sensor",
            "login_until",
            "Login valid until",
            "Anmeldung gültig bis",
            "(a.login | default({})).refreshTokenExpiresAt | default('None')")
        .putAll(ordered("dev_cla", "timestamp"));
    add(
            to,
            account,
            "sensor",
            "quota",
            "API calls left today",
            "Heute übrige API-Aufrufe",
            "q.remaining | default('None')")
        .putAll(ordered("stat_cla", "measurement", "ic", "mdi:counter"));
    addCounts(account, to);
  }

  private void addCertificate(String account, Map<String, Map<String, Object>> to) {
    addStream(account, to);
    add(
            to,
            account,
            "sensor",
            "certificate_until",
            "Certificate valid until",
            "Zertifikat gültig bis",
            "(a.certificate | default({})).expiresAt | default('None')")
        .putAll(ordered("dev_cla", "timestamp"));
    add(
            to,
            account,
            "binary_sensor",
            "certificate_problem",
            "Certificate needs renewal",
            "Zertifikat erneuern",
            "{'valid': 'OFF', 'expires-soon': 'ON', 'expired': 'ON', 'not-yet-valid': 'ON',"
                + " 'unusable': 'ON'}.get((a.certificate | default({})).state, 'None')")
        .putAll(ordered("dev_cla", "problem"));
    addCounts(account, to);
  }

  private void addStream(String account, Map<String, Map<String, Object>> to) {
    add(
            to,
            account,
            "sensor",
            "stream",
            "Stream",
            "Datenstrom",
            "(a.stream | default({})).state | default('None')")
        .putAll(
            ordered(
                "dev_cla",
                "enum",
                "ops",
                List.of(
                    "stopped",
                    "login-required",
                    "connecting",
                    "live",
                    "quiet",
                    "backing-off",
                    "refused",
                    "quota"),
                "ic",
                "mdi:transit-connection-variant"));
    add(
            to,
            account,
            "sensor",
            "last_message",
            "Last message",
            "Letzte Nachricht",
            "(a.stream | default({})).lastMessageAt | default('None')")
        .putAll(ordered("dev_cla", "timestamp"));
  }

  private void addCounts(String account, Map<String, Map<String, Object>> to) {
    add(
            to,
            account,
            "sensor",
            "messages",
            "Messages since the start",
            "Nachrichten seit dem Start",
            "(a.stream | default({})).messages | default('None')")
        .putAll(ordered("stat_cla", "total_increasing", "ic", "mdi:message-text"));
    add(
            to,
            account,
            "sensor",
            "reconnects",
            "Reconnections since the start",
            "Neuverbindungen seit dem Start",
            "(a.stream | default({})).reconnects | default('None')")
        .putAll(ordered("stat_cla", "total_increasing", "ic", "mdi:connection"));
  }

  private Map<String, Object> add(
      Map<String, Map<String, Object>> to,
      String account,
      String platform,
      String what,
      String english,
      String german,
      String expression) {
    String id = account + "-" + what;
    String of = accounts.size() + certificates.size() > 1 ? account + ": " : "";
    Map<String, Object> entity = entity(platform, id, of + english, of + german);
    entity.put("stat_t", topics.base() + "/bridge/status");
    entity.put(
        "val_tpl",
        "{% set a = value_json.accounts | selectattr('name', 'eq', '"
            + account
            + "') | list | first | default({}) %}{% set s = (a.login | default({})).state %}"
            + "{% set q = a.quota | default({}) %}{{ "
            + expression
            + " }}");
    entity.put("avty", isThere(topics));
    entity.put("ent_cat", DIAGNOSTIC);
    to.put(id, entity);
    return entity;
  }

  private Map<String, Object> entity(String platform, String id, String english, String german) {
    Map<String, Object> entity = new LinkedHashMap<>();
    entity.put("p", platform);
    entity.put("uniq_id", id() + "_" + id);
    entity.put("name", said(english, german));
    entity.put("def_ent_id", platform + "." + Ids.slug("cardata bridge " + english));
    return entity;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
