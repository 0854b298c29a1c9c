// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.mqtt.LocalMqttComponent;

/** The real journal and the real connection, as the bridge hands them to the devices. */
final class Worlds {

  private Worlds() {}

  /** Nothing is known as long as there is no journal. */
  static Past past(Supplier<Journal> journal) {
    return new Past() {
      @Override
      public boolean isKnown() {
        return journal.get() != null && journal.get().tellsNewestFor("homie");
      }

      @Override
      public List<CarEvent> handed(String vin) {
        return journal.get() == null ? List.of() : journal.get().newestFor("homie", vin);
      }

      @Override
      public List<CarEvent> all() {
        return journal.get() == null ? List.of() : journal.get().newestWithWaitingFor("homie");
      }
    };
  }

  static Link link(LocalMqttComponent connection) {
    return new Link() {
      @Override
      public long connects() {
        return connection.connects();
      }

      @Override
      public boolean isConnected() {
        return connection.isConnected();
      }

      @Override
      public CompletionStage<Void> retained() {
        return connection.retained();
      }
    };
  }
}
