// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.List;
import org.apache.camel.Exchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** The steps of the flatten route that choose and name cars. Safe for use by many threads. */
public final class VehicleStep {

  private final Vehicles vehicles;

  /** Steps that ask these vehicles. */
  public VehicleStep(Vehicles vehicles) {
    this.vehicles = vehicles;
  }

  /**
   * Whether the message is about a car that nobody wants. A message that could not be read is about
   * no car.
   */
  public boolean isForeign(Exchange exchange) {
    String vin = exchange.getProperty(DecodeStep.VIN, String.class);
    return vin != null
        && !vehicles.isChosen(exchange.getProperty(CarMessage.ACCOUNT, String.class), vin);
  }

  /** Leaves out points of cars that nobody wants and gives the others their car's name. */
  public List<CarEvent> choose(List<CarEvent> points) {
    return vehicles.choose(points);
  }
}
