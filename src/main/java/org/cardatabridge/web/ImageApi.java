// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.cardatabridge.api.Picture;
import org.cardatabridge.journal.NewestValues;

/** The answers of {@code /api/vehicles/{vin}/image}. Safe for use by many threads. */
public final class ImageApi {

  private final NewestValues newest;
  private final Function<String, Optional<Picture>> pictures;

  /** Shows pictures by the VIN; the newest values know aliases. */
  public ImageApi(NewestValues newest, Function<String, Optional<Picture>> pictures) {
    this.newest = newest;
    this.pictures = pictures;
  }

  /**
   * What goes back. Immutable but for the bytes, which nobody changes.
   *
   * @param code 200; 304 where the client has the picture already; 404 where there is none
   * @param type the content type
   * @param tag the entity tag; null without a picture
   * @param bytes the body
   */
  public record Reply(int code, String type, String tag, byte[] bytes) {

    /** The code and the size. */
    @Override
    public String toString() {
      return "Reply[" + code + ", " + bytes.length + " bytes]";
    }
  }

  /** Answers a request by its headers {@code vin} (a VIN or an alias) and {@code If-None-Match}. */
  public Reply image(Exchange exchange) {
    String name = exchange.getMessage().getHeader("vin", String.class);
    Picture picture = name == null ? null : pictures.apply(vin(name)).orElse(null);
    if (picture == null) {
      Answer none = Answer.error(404, "no picture of a vehicle with this VIN was fetched");
      return new Reply(none.code(), none.type(), null, none.bytes());
    }
    String tag = '"' + picture.sha256() + '"';
    String known = exchange.getMessage().getHeader("If-None-Match", String.class);
    return isKnown(known, tag)
        ? new Reply(304, picture.type(), tag, new byte[0])
        : new Reply(200, picture.type(), tag, picture.bytes());
  }

  private String vin(String vinOrAlias) {
    return newest.vehicles().stream()
        .filter(v -> vinOrAlias.equals(v.alias()))
        .map(NewestValues.Vehicle::vin)
        .findFirst()
        .orElse(vinOrAlias);
  }

  private static boolean isKnown(String tags, String tag) {
    return tags != null
        && Arrays.stream(tags.split(","))
            .map(String::strip)
            .map(t -> t.startsWith("W/") ? t.substring(2) : t)
            .anyMatch(t -> t.equals(tag) || t.equals("*"));
  }
}
