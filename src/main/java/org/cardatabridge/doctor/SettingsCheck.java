// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.settings.LoadedSettings;

/** One thing that is wrong or odd about the settings; or that nothing is. */
final class SettingsCheck implements Check {

  private final String id;
  private final Finding finding;

  private SettingsCheck(int number, Finding finding) {
    this.id = number == 1 ? "settings" : "settings-" + number;
    this.finding = finding;
  }

  /** One check for each problem and each warning, one at least. */
  static List<Check> of(LoadedSettings loaded) {
    List<Check> all = of(loaded.problems());
    for (String warning : loaded.warnings()) {
      all.add(
          new SettingsCheck(all.size() + 1, Finding.warning("settings.odd", "reason", warning)));
    }
    if (all.isEmpty()) {
      all.add(new SettingsCheck(1, Finding.ok("settings.ok", "count", loaded.sources().size())));
    }
    return all;
  }

  /** One check for each problem. */
  static List<Check> of(List<String> problems) {
    List<Check> all = new ArrayList<>();
    for (String problem : problems) {
      all.add(
          new SettingsCheck(all.size() + 1, Finding.failed("settings.wrong", "reason", problem)));
    }
    return all;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title() {
    return "settings";
  }

  @Override
  public Finding look() {
    return finding;
  }
}
