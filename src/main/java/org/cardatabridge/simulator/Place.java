// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a {@link Fault} strikes. */
public enum Place {
  /** The request for a device code. */
  DEVICE_CODE(Door.LOGIN),
  /** A poll for the tokens of a device code. */
  POLL(Door.LOGIN),
  /** A refresh. */
  REFRESH(Door.LOGIN),
  /** An MQTT CONNECT. */
  CONNECT(Door.STREAM),
  /** An MQTT SUBSCRIBE. */
  SUBSCRIBE(Door.STREAM),
  /** REST: which vehicles the account has. */
  MAPPINGS(Door.API),
  /** REST: model and equipment of a vehicle. */
  BASIC_DATA(Door.API),
  /** REST: the list of containers. */
  CONTAINERS(Door.API),
  /** REST: a new container. */
  CREATE_CONTAINER(Door.API),
  /** REST: one container with its descriptors. */
  CONTAINER(Door.API),
  /** REST: the end of a container. */
  DELETE_CONTAINER(Door.API),
  /** REST: the last known values of a vehicle. */
  TELEMATIC_DATA(Door.API),
  /** REST: charging sessions of a vehicle. */
  CHARGING_HISTORY(Door.API),
  /** REST: the picture of a vehicle. */
  IMAGE(Door.API),
  /** REST: diagnosis of a vehicle's tyres. */
  TYRES(Door.API),
  /** REST: charging settings of a vehicle's places. */
  CHARGING_SETTINGS(Door.API),
  /** Any REST request that meets no fault of a place of its own. */
  API(Door.API),
  /** An MQTT CONNECT at High Mobility. */
  HIGHMOBILITY_CONNECT(Door.STREAM),
  /** An MQTT SUBSCRIBE at High Mobility. */
  HIGHMOBILITY_SUBSCRIBE(Door.STREAM);

  private enum Door {
    LOGIN,
    STREAM,
    API
  }

  private final Door door;

  Place(Door door) {
    this.door = door;
  }

  boolean isHttp() {
    return door != Door.STREAM;
  }

  /** Whether it is a place of the REST API. */
  boolean isApi() {
    return door == Door.API;
  }

  /** Its name in the control API. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Place of(String word) {
    for (Place p : values()) {
      if (p.word().equals(word)) {
        return p;
      }
    }
    throw new IllegalArgumentException(
        "setting a fault: unknown place '"
            + word
            + "' — take "
            + Arrays.stream(values()).map(Place::word).collect(Collectors.joining(", ")));
  }
}
