// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.DecodeStep;
import org.cardatabridge.decode.Positions;
import org.cardatabridge.decode.Units;
import org.cardatabridge.recording.RecordedLine;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.recording.RecordingReader;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ADay;

/** The data points of a recording, such as {@link ADay}, as the flatten route makes them. */
public final class DecodedDay {

  private DecodedDay() {}

  /** All of them, in the order received. */
  public static List<CarEvent> events() {
    return messages().stream().flatMap(message -> message.points().stream()).toList();
  }

  /** Each message with its data points. */
  public static List<CarMessage> messages() {
    return messages(ADay.recorded());
  }

  /** The same of another recording. */
  public static List<CarMessage> messages(List<String> recorded) {
    Settings settings = Settings.defaults();
    DecodeStep decoder = new DecodeStep(settings, Clock.systemUTC());
    Catalogue catalogue = new Catalogue();
    Units units = new Units(settings, catalogue);
    Positions positions = new Positions();
    byte[] bytes = String.join("\n", recorded).getBytes(StandardCharsets.UTF_8);
    List<CarMessage> all = new ArrayList<>();
    try (DefaultCamelContext context = new DefaultCamelContext();
        RecordingReader reader = new RecordingReader(new ByteArrayInputStream(bytes))) {
      for (Optional<RecordedLine> line = reader.next(); line.isPresent(); line = reader.next()) {
        RecordedMessage message = line.get().message();
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(CarMessage.ACCOUNT, message.account());
        exchange.setProperty(CarMessage.SOURCE, message.source());
        exchange.setProperty(CarMessage.TOPIC, message.topic());
        exchange.setProperty(CarMessage.RECEIVED, message.received());
        exchange.getMessage().setBody(message.payload());
        List<CarEvent> points =
            positions.pair(units.convert(catalogue.type(decoder.decode(exchange))));
        all.add(
            new CarMessage(
                message.account(),
                message.source(),
                message.topic(),
                message.received(),
                message.payload(),
                points));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
