// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cardatabridge.CarEvent;
import org.cardatabridge.Vin;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * Which cars are wanted, and what they are called. VINs are compared without case. Immutable and
 * safe for use by many threads.
 */
public final class Vehicles {

  private static final String PREFIX = "cardata.vehicle.";
  private static final String SUFFIX = ".alias";

  /** The bridge's own branch beside the cars' in the topic tree. */
  private static final String RESERVED = "bridge";

  private final Set<String> chosen;
  private final Map<String, Set<String>> chosenByAccount;
  private final Map<String, String> aliases;

  /**
   * Reads {@code cardata.vins}, for each account by itself, and each {@code
   * cardata.vehicle.<VIN>.alias}.
   *
   * @throws BadSettingException for an alias that two cars have, that is {@code bridge} or another
   *     car's VIN, or that cannot be one level of a topic
   */
  public Vehicles(Settings settings) {
    chosen = vins(settings);
    chosenByAccount =
        settings.everyAccount().stream()
            .distinct()
            .collect(
                Collectors.toUnmodifiableMap(
                    account -> account, account -> vins(settings.forAccount(account))));
    aliases = aliases(settings.asMap());
    refuseOthersVins();
  }

  /** Whether the bridge is to serve this car of this account; every car where none is named. */
  public boolean isChosen(String account, String vin) {
    Set<String> vins = chosenByAccount.getOrDefault(account, chosen);
    return vins.isEmpty() || vins.contains(folded(vin));
  }

  /**
   * Whether this account is still one of those in use and its car is chosen. For cars that are
   * known from before the settings of today.
   */
  public boolean isServed(String account, String vin) {
    return chosenByAccount.containsKey(account) && isChosen(account, vin);
  }

  /** The alias of a car; empty where it has none. */
  public Optional<String> alias(String vin) {
    return Optional.ofNullable(aliases.get(folded(vin)));
  }

  /** What the car is called in topics: its alias, else its VIN. */
  public String name(String vin) {
    return aliases.getOrDefault(folded(vin), vin);
  }

  /**
   * Leaves out points of cars that are not wanted and gives the others their car's name.
   *
   * @param points data points; null counts as none
   */
  public List<CarEvent> choose(List<CarEvent> points) {
    return EachPoint.map(points, this::named);
  }

  private CarEvent named(CarEvent point) {
    if (!isChosen(point.account(), point.vin())) {
      return null;
    }
    String name = name(point.vin());
    if (name.equals(point.vehicle())) {
      return point;
    }
    return new CarEvent(
        point.account(),
        point.vin(),
        name,
        point.key(),
        point.value(),
        point.unit(),
        point.timestamp(),
        point.received(),
        point.source());
  }

  private static Set<String> vins(Settings settings) {
    return settings.list("cardata.vins").stream()
        .map(Vehicles::pasted)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Map<String, String> aliases(Map<String, String> settings) {
    Map<String, String> aliases = new HashMap<>();
    Set<String> taken = new HashSet<>();
    settings.forEach(
        (key, text) -> {
          if (!key.startsWith(PREFIX)
              || !key.endsWith(SUFFIX)
              || key.length() <= PREFIX.length() + SUFFIX.length()
              || text.isBlank()) {
            return;
          }
          String alias = text.trim();
          String vin = key.substring(PREFIX.length(), key.length() - SUFFIX.length());
          String shown = PREFIX + Vin.masked(vin) + SUFFIX;
          if (alias.equals(RESERVED)) {
            throw new BadSettingException(
                shown, alias, "another name: the bridge's own topics are below 'bridge'");
          }
          if (alias.chars().anyMatch(c -> c == '/' || c == '+' || c == '#' || c < ' ')) {
            throw new BadSettingException(
                shown, alias, "a name without '/', '+', '#' and control characters");
          }
          if (!taken.add(alias)) {
            throw new BadSettingException(shown, alias, "a name that no other car has");
          }
          aliases.put(pasted(vin), alias);
        });
    return Map.copyOf(aliases);
  }

  private void refuseOthersVins() {
    aliases.forEach(
        (vin, alias) -> {
          String other = folded(alias);
          boolean known =
              aliases.containsKey(other)
                  || chosen.contains(other)
                  || chosenByAccount.values().stream().anyMatch(vins -> vins.contains(other));
          if (!other.equals(vin) && known) {
            throw new BadSettingException(
                PREFIX + Vin.masked(vin) + SUFFIX,
                Vin.masked(alias),
                "a name that is not another car's VIN");
          }
        });
  }

  private static String folded(String vin) {
    return vin.toUpperCase(Locale.ROOT);
  }

  /** As folded, without the zero-width spaces that text copied from BMW's portal has. */
  private static String pasted(String vin) {
    return folded(vin.replace("\u200b", ""));
  }
}
