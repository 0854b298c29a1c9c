// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;

/**
 * Cuts a run of data points into files: one for each day of receipt (UTC) and vehicle, in their
 * order. Immutable and safe for use by many threads.
 */
public final class Archive {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int ID_BYTES = 6;

  private record Place(LocalDate day, String vehicle) {}

  /**
   * The files of these data points, in the order of their first ones.
   *
   * @throws IllegalArgumentException for a value that JSON cannot express
   */
  public List<Part> cut(List<CarEvent> events) {
    Map<Place, List<CarEvent>> byPlace = new LinkedHashMap<>();
    for (CarEvent event : events) {
      LocalDate day = LocalDate.ofInstant(event.received(), ZoneOffset.UTC);
      byPlace
          .computeIfAbsent(new Place(day, event.vehicle()), place -> new ArrayList<>())
          .add(event);
    }
    List<Part> parts = new ArrayList<>();
    byPlace.forEach((place, ofPlace) -> parts.add(part(place, ofPlace)));
    return List.copyOf(parts);
  }

  private static Part part(Place place, List<CarEvent> events) {
    byte[] lines = lines(events);
    CarEvent first = events.get(0);
    // A replay is cut at other places, and must not take the place of a longer file.
    byte[] same = first.source().equals("replay") ? lines : CarEventJson.object(first);
    String name =
        "day=%s/vehicle=%s/%s-%s.ndjson.gz"
            .formatted(
                place.day(), escaped(place.vehicle()), TIME.format(first.received()), id(same));
    return new Part(name, gzipped(lines));
  }

  private static byte[] lines(List<CarEvent> events) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try {
      CarEventJson.lines(events, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return lines.toByteArray();
  }

  private static byte[] gzipped(byte[] lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(lines.length / 8);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(lines);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return bytes.toByteArray();
  }

  /** A name that stays where it is put: a VIN is whatever a message says. */
  private static String escaped(String vehicle) {
    StringBuilder name = new StringBuilder();
    for (byte b : vehicle.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_';
      name.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return name.isEmpty() ? "%" : name.toString();
  }

  private static String id(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
