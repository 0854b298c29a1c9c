// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

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

  /** Answers a request by its headers {@code vin} (a VIN or an alias) and {@code If-None-Match}. */
  public TaggedAnswer image(Exchange exchange) {
    String name = exchange.getMessage().getHeader("vin", String.class);
    Picture picture = name == null ? null : pictures.apply(vin(name)).orElse(null);
    return picture == null
        ? TaggedAnswer.untagged(
            Answer.error(404, "no picture of a vehicle with this VIN was fetched"))
        : new TaggedAnswer(200, picture.type(), null, '"' + picture.sha256() + '"', picture.bytes())
            .to(exchange);
  }

  private String vin(String vinOrAlias) {
    return newest.vehicles().stream()
        .filter(v -> vinOrAlias.equals(v.alias()))
        .map(NewestValues.Vehicle::vin)
        .findFirst()
        .orElse(vinOrAlias);
  }
}
