// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cardatabridge.decode.Vehicles;

/** The vehicles of an account, as BMW's mappings named them last. Safe for use by many threads. */
public final class Mappings {

  private static final String NOTE = "mappings";
  private static final String PRIMARY = "PRIMARY";

  /** Nobody has so many. */
  private static final int MOST = 256;

  /**
   * One mapped vehicle. Immutable.
   *
   * @param vin the VIN
   * @param type {@code PRIMARY}, {@code SECONDARY}, or what else BMW says; empty where it says
   *     nothing
   */
  public record Mapping(String vin, String type) {

    /** Whether BMW gives data of the vehicle to this account, as far as it said. */
    public boolean isPrimary() {
      return type.isEmpty() || type.equalsIgnoreCase(PRIMARY);
    }

    /** The type only. */
    @Override
    public String toString() {
      return "Mapping[" + type + "]";
    }
  }

  private final RestNotes notes;
  private final Vehicles vehicles;
  private final Consumer<String> newVin;

  /**
   * Keeps them as a note.
   *
   * @param vehicles which cars are wanted at all
   * @param newVin hears of each VIN before anything is done with it, so that the log can hide it
   */
  public Mappings(RestNotes notes, Vehicles vehicles, Consumer<String> newVin) {
    this.notes = notes;
    this.vehicles = vehicles;
    this.newVin = newVin;
  }

  /** Whether BMW was ever asked for the vehicles of the account. */
  public boolean isKnown(String account) {
    return notes.find(account, null, NOTE).isPresent();
  }

  /** When BMW named them last; empty where it was not asked yet. */
  public Optional<Instant> namedAt(String account) {
    return notes.find(account, null, NOTE).map(RestNotes.Note::at);
  }

  /** All of them, as BMW lists them; empty also where BMW was not asked yet. */
  public List<Mapping> all(String account) {
    JsonNode json =
        notes
            .find(account, null, NOTE)
            .map(note -> AnswerJson.read(note.text().getBytes(StandardCharsets.UTF_8)))
            .orElse(null);
    return json == null ? List.of() : read(json);
  }

  /** The VINs that BMW gives data of, and that the settings do not leave out. */
  public List<String> vehicles(String account) {
    return all(account).stream()
        .filter(Mapping::isPrimary)
        .map(Mapping::vin)
        .filter(vin -> vehicles.isChosen(account, vin))
        .toList();
  }

  /** What others are told in place of a VIN: the alias, where there is one. */
  String name(String vin) {
    return vehicles.name(vin);
  }

  /** Takes the place of what was known. */
  void keep(String account, List<Mapping> mappings) {
    List<Map<String, String>> list =
        mappings.stream().map(m -> Map.of("vin", m.vin(), "mappingType", m.type())).toList();
    notes.put(account, null, NOTE, AnswerJson.write(list));
  }

  /** The vehicles in BMW's answer, which is a list, or one object as its description has it. */
  List<Mapping> read(JsonNode json) {
    List<Mapping> all = new ArrayList<>();
    for (JsonNode item : json.isArray() ? json : List.of(json)) {
      String vin = item.isObject() ? AnswerJson.text(item, "vin") : null;
      if (vin != null && all.size() < MOST && all.stream().noneMatch(m -> m.vin().equals(vin))) {
        newVin.accept(vin);
        String type = AnswerJson.text(item, "mappingType");
        all.add(new Mapping(vin, type == null ? "" : type));
      }
    }
    return all;
  }
}
