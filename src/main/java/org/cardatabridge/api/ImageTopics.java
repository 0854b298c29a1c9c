// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Body;
import org.cardatabridge.decode.Vehicles;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;

/** The steps of {@code routes/sink-mqtt-image.camel.yaml}. Safe for use by many threads. */
public final class ImageTopics {

  private final Images images;
  private final Topics topics;
  private final Vehicles vehicles;
  private final NewestValues newest;

  /** Publishes pictures on these topics. */
  public ImageTopics(Images images, Topics topics, Vehicles vehicles, NewestValues newest) {
    this.images = images;
    this.topics = topics;
    this.vehicles = vehicles;
    this.newest = newest;
  }

  /**
   * The picture of a vehicle for its topic; none where there is none.
   *
   * @param body the result that brought it, or a VIN, whose picture is read from the disk
   */
  public List<Publication> picture(@Body Object body) {
    if (body instanceof ImageResult result) {
      return publications(result.order().vin(), Optional.ofNullable(result.picture()));
    }
    String vin = String.valueOf(body);
    return publications(vin, images.find(vin));
  }

  private List<Publication> publications(String vin, Optional<Picture> picture) {
    return picture.map(p -> List.of(topics.image(vehicles.name(vin), p.bytes()))).orElse(List.of());
  }

  /** The VINs that have told of a picture; for a broker that may have lost it. */
  public List<String> vins() {
    List<String> vins = new ArrayList<>();
    for (NewestValues.Vehicle vehicle : newest.vehicles()) {
      if (vehicle.values().containsKey(ImageAnswer.KEY)
          && vehicles.isServed(vehicle.account(), vehicle.vin())) {
        vins.add(vehicle.vin());
      }
    }
    return vins;
  }
}
