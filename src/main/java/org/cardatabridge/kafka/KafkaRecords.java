// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.journal.EventRefusedException;

/**
 * Makes Kafka records of data points: the VIN as key, JSON as value, and the attributes of
 * CloudEvents 1.0 as headers (binary mode). A data point that is sent again has the same id.
 * Immutable and safe for use by many threads.
 */
public final class KafkaRecords {

  /** The header that the component takes the key from. */
  static final String KEY = "kafka.KEY";

  private static final String TYPE = "org.cardatabridge.CarEvent";
  private static final int ID_BYTES = 16;

  /** Kafka's own limit, less what the headers take. */
  private static final int LARGEST = 1_048_576 - 4_096;

  /**
   * The records of the events in the body, in their order.
   *
   * @throws EventRefusedException where one is too large: found before anything is sent, it costs
   *     no repeats of the others
   */
  public List<Message> map(Exchange exchange) {
    List<?> events = exchange.getMessage().getBody(List.class);
    return events.stream().map(event -> record(exchange.getContext(), (CarEvent) event)).toList();
  }

  private static Message record(CamelContext context, CarEvent event) {
    Message record = new DefaultMessage(context);
    byte[] json = CarEventJson.object(event);
    if (json.length + event.key().length() + event.vin().length() > LARGEST) {
      throw new EventRefusedException(
          "Kafka refuses the record: it has " + json.length + " bytes, which is above 1 MB");
    }
    record.setBody(json);
    record.setHeader(KEY, event.vin());
    record.setHeader("content-type", "application/json");
    record.setHeader("ce_specversion", "1.0");
    record.setHeader("ce_id", id(event));
    record.setHeader("ce_type", TYPE);
    record.setHeader("ce_source", "/cardata-bridge/" + event.account());
    record.setHeader("ce_subject", event.key());
    record.setHeader("ce_time", event.timestamp().toString());
    return record;
  }

  /** Says nothing about the car, and the same for the same value of the same time. */
  static String id(CarEvent event) {
    String all =
        String.join(
            "\0",
            event.vin(),
            event.key(),
            event.timestamp().toString(),
            CarEventJson.value(event.value()));
    byte[] digest = sha256().digest(all.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
