// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.ArrayList;
import java.util.List;
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

  /** The picture that was fetched; none where there is none. */
  public List<Publication> map(@Body ImageResult result) {
    return result.picture() == null
        ? List.of()
        : List.of(topics.image(vehicles.name(result.order().vin()), result.picture().bytes()));
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

  /** The picture of a vehicle as it lies on the disk; none where there is none. */
  public List<Publication> stored(@Body String vin) {
    return images
        .find(vin)
        .map(picture -> List.of(topics.image(vehicles.name(vin), picture.bytes())))
        .orElse(List.of());
  }
}
