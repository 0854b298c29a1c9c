// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.settings.BadSettingException;

/**
 * Which descriptors a container asks for: those of {@code cardata.api.container.descriptors}, or
 * where it says nothing a small set that suits the account's cars. Immutable.
 */
public final class DescriptorSet {

  /** The most that a container gets: BMW refuses one with every key it knows. */
  public static final int MOST = 100;

  private static final String SETTING = "cardata.api.container.descriptors";
  private static final String DEFAULTS = "descriptors.tsv";

  /** Characters that texts copied from the portal have inside of descriptors, by the thousand. */
  private static final Pattern UNSEEN = Pattern.compile("[\\u200B-\\u200D\\u2060\\uFEFF\\s]");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{3,200}");

  /** What basicData or an endpoint of its own tells; a container with them has them empty. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "vehicle.chassis.axle.wheel.tire.diagnosis",
          "vehicle.look.image",
          "vehicle.powertrain.electric.battery.charging.history.sessionsList",
          "vehicle.powertrain.electric.battery.charging.settingsList",
          "vehicle.vehicleIdentification.basicVehicleData",
          "vehicle.drivetrain.electricEngine.hvsMaxEnergyAbsolute",
          "vehicle.extras.optionalEquipment.code",
          "vehicle.sim.status");

  private final List<String> chosen;
  private final List<String> without;

  private DescriptorSet(List<String> chosen, List<String> without) {
    this.chosen = chosen;
    this.without = without;
  }

  /**
   * From the setting's items: descriptors, or globs over those that are known.
   *
   * @param items as a person wrote them; empty for the set that suits the cars
   * @param known every known descriptor
   * @throws BadSettingException for what is no descriptor, fits none, or makes too many
   */
  public static DescriptorSet of(List<String> items, Collection<String> known) {
    Set<String> all = new LinkedHashSet<>();
    for (String written : items) {
      String item = UNSEEN.matcher(written).replaceAll("");
      if (item.isEmpty()) {
        continue;
      }
      List<String> fitting = fitting(item, known);
      if (fitting.isEmpty()) {
        throw new BadSettingException(
            SETTING, item, "descriptors, and globs such as vehicle.cabin.door.* that fit some");
      }
      all.addAll(fitting);
    }
    List<String> without = all.stream().filter(ELSEWHERE::contains).sorted().toList();
    without.forEach(all::remove);
    if (all.size() > MOST) {
      throw new BadSettingException(
          SETTING + ": got " + all.size() + " descriptors, takes " + MOST + " at most");
    }
    if (all.isEmpty() && !without.isEmpty()) {
      throw new BadSettingException(
          SETTING + ": got only what BMW tells elsewhere, takes descriptors of telematicData");
    }
    return new DescriptorSet(List.copyOf(all), without);
  }

  private static List<String> fitting(String item, Collection<String> known) {
    if (item.indexOf('*') < 0 && item.indexOf('?') < 0) {
      // BMW adds some at times, so one that we do not know is no mistake.
      return PLAIN.matcher(item).matches() ? List.of(item) : List.of();
    }
    Pattern glob =
        Pattern.compile(
            item.chars()
                .mapToObj(
                    c ->
                        switch (c) {
                          case '*' -> ".*";
                          case '?' -> ".";
                          default -> Pattern.quote(Character.toString(c));
                        })
                .collect(Collectors.joining()));
    return known.stream().filter(key -> glob.matcher(key).matches()).sorted().toList();
  }

  /** Whether the setting says nothing, so that the cars decide. */
  public boolean isByCars() {
    return chosen.isEmpty();
  }

  /** What the setting names; empty where it says nothing. */
  List<String> chosen() {
    return chosen;
  }

  /** What the setting names and no container gets, sorted. */
  public List<String> without() {
    return without;
  }

  /**
   * The descriptors, the most wanted first.
   *
   * @param drives what moves the account's cars; empty where that is not known, which is as both
   */
  public List<String> wanted(Set<Drive> drives) {
    return isByCars() ? defaults(drives, false) : chosen;
  }

  /**
   * Fewer of the wanted, for a container that BMW finds too large: the core of them, or where that
   * is no less, the first half.
   *
   * @param wanted what BMW refused; empty where nothing less is left
   */
  public static List<String> fewer(List<String> wanted) {
    Set<String> core = Set.copyOf(defaults(Set.of(), true));
    List<String> kept = wanted.stream().filter(core::contains).toList();
    return !kept.isEmpty() && kept.size() < wanted.size()
        ? kept
        : wanted.subList(0, wanted.size() / 2);
  }

  private static List<String> defaults(Set<Drive> drives, boolean coreOnly) {
    List<String> all = new ArrayList<>();
    try (InputStream stream = DescriptorSet.class.getResourceAsStream(DEFAULTS);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      Stream<String[]> rows =
          lines.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t", 3));
      rows.filter(row -> !coreOnly || row[2].equals("core"))
          .filter(row -> isFor(row[1], drives))
          .forEach(row -> all.add(row[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(all);
  }

  private static boolean isFor(String cars, Set<Drive> drives) {
    return drives.isEmpty()
        || cars.equals("all")
        || drives.stream().anyMatch(drive -> drive.word().equals(cars));
  }
}
