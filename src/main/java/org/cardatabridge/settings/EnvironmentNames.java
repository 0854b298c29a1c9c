// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Environment variables and the keys they stand for. {@code _} may be {@code .} or {@code -}, so
 * the way back to a key goes by what is known: the catalogue, the accounts' names, and the keys
 * that the property files hold. Immutable and safe for use by many threads.
 */
final class EnvironmentNames {

  private static final String PREFIX = "CARDATA_";
  private static final String ACCOUNT = "CARDATA_ACCOUNT_";
  private static final String VEHICLE = "CARDATA_VEHICLE_";
  private static final String ALIAS = "_ALIAS";
  private static final String ABRP = "CARDATA_SINK_ABRP_VEHICLE_";
  private static final String TOKEN = "_TOKEN";
  private static final String SINK = "CARDATA_SINK_";
  private static final String HEADER = "CARDATA_SINK_HTTP_HEADER_";
  private static final String RULE = "CARDATA_SINK_NOTIFY_";
  private static final String ENABLED = "_ENABLED";
  private static final List<String> EVERY_SINK =
      List.of("enabled", "attempts", "include", "exclude", "vins", "blur-home");

  private final Map<String, String> keys = new HashMap<>();
  private final Map<String, String> accountTails;
  private final Map<String, String> accounts;

  /** For these account names, and these keys beside those of the catalogue. */
  EnvironmentNames(Collection<String> accountNames, Set<String> moreKeys) {
    moreKeys.forEach(key -> keys.put(of(key), key));
    SettingCatalogue.all().stream()
        .filter(definition -> !definition.isPattern())
        .forEach(definition -> keys.put(of(definition.key()), definition.key()));
    accountTails =
        SettingCatalogue.all().stream()
            .filter(SettingDefinition::perAccount)
            .map(definition -> definition.key().substring("cardata.".length()))
            .collect(Collectors.toMap(EnvironmentNames::of, Function.identity()));
    accounts =
        accountNames.stream()
            .collect(
                Collectors.toMap(
                    EnvironmentNames::of, Function.identity(), (first, same) -> first));
  }

  /** The environment variable of a key. */
  static String of(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The key a variable stands for; empty where no setting has that name. */
  Optional<String> keyOf(String variable) {
    String known = keys.get(variable);
    if (known != null) {
      return Optional.of(known);
    }
    if (!variable.startsWith(PREFIX)) {
      return Optional.empty();
    }
    if (variable.startsWith(ACCOUNT)) {
      return accountKey(variable.substring(ACCOUNT.length()));
    }
    if (variable.startsWith(VEHICLE)) {
      return between(variable, VEHICLE, ALIAS).map(vin -> "cardata.vehicle." + vin + ".alias");
    }
    if (variable.startsWith(ABRP)) {
      return between(variable, ABRP, TOKEN)
          .map(vin -> "cardata.sink.abrp.vehicle." + vin + ".token");
    }
    if (variable.startsWith(RULE)) {
      Optional<String> rule = between(variable, RULE, ENABLED);
      if (rule.isPresent()) {
        return rule.map(name -> "cardata.sink.notify." + dashed(name) + ".enabled");
      }
    }
    if (variable.startsWith(HEADER) && variable.length() > HEADER.length()) {
      return Optional.of("cardata.sink.http.header." + dashed(variable.substring(HEADER.length())));
    }
    return variable.startsWith(SINK)
        ? sinkKey(variable.substring(SINK.length()))
        : Optional.empty();
  }

  // ACCOUNT_MY_STREAM_CLIENT_ID may be client-id of my-stream or stream.client-id of my: an account
  // that exists decides, else the longest known tail.
  private Optional<String> accountKey(String rest) {
    return accountTails.entrySet().stream()
        .filter(tail -> rest.endsWith("_" + tail.getKey()))
        .filter(tail -> rest.length() > tail.getKey().length() + 1)
        .min(
            Comparator.<Map.Entry<String, String>, Boolean>comparing(
                    tail -> !accounts.containsKey(accountIn(rest, tail.getKey())))
                .thenComparing(tail -> -tail.getKey().length()))
        .map(
            tail -> {
              String account = accountIn(rest, tail.getKey());
              return "cardata.account."
                  + accounts.getOrDefault(account, dashed(account))
                  + "."
                  + tail.getValue();
            });
  }

  private static String accountIn(String rest, String tail) {
    return rest.substring(0, rest.length() - tail.length() - 1);
  }

  private static Optional<String> sinkKey(String rest) {
    for (String common : EVERY_SINK) {
      String tail = "_" + of(common);
      if (rest.endsWith(tail) && rest.length() > tail.length()) {
        String name = dashed(rest.substring(0, rest.length() - tail.length()));
        return Optional.of("cardata.sink." + name + "." + common);
      }
    }
    boolean ours =
        SettingCatalogue.sinks().stream().anyMatch(sink -> rest.startsWith(of(sink) + "_"));
    int end = rest.indexOf('_');
    if (ours || end < 1 || end == rest.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(
        "cardata.sink." + dashed(rest.substring(0, end)) + "." + dashed(rest.substring(end + 1)));
  }

  private static Optional<String> between(String variable, String start, String end) {
    return variable.endsWith(end) && variable.length() > start.length() + end.length()
        ? Optional.of(variable.substring(start.length(), variable.length() - end.length()))
        : Optional.empty();
  }

  private static String dashed(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
