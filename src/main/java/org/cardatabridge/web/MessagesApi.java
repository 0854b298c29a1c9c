// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.UnreadableJournalException;

/**
 * The answers of {@code /api/vehicles/{vin}/messages}: messages as they came, without the account's
 * id. Safe for use by many threads.
 */
public final class MessagesApi {

  private static final int USUAL = 20;
  private static final int MOST = 100;
  private static final int MOST_BYTES = 1 << 20;
  private static final int SHOWN = 4096;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Journal journal;
  private final Supplier<Set<String>> ids;

  /**
   * Shows messages of this journal.
   *
   * @param ids what BMW calls the accounts, as far as that is known
   */
  public MessagesApi(Journal journal, Supplier<Set<String>> ids) {
    this.journal = journal;
    this.ids = ids;
  }

  /**
   * Answers a request by its headers {@code vin} (a VIN or an alias), {@code limit} and {@code
   * before}: 400 with a sentence for one that cannot be used, 404 for a vehicle not heard of, 503
   * while the journal cannot be read.
   */
  public Answer messages(Exchange exchange) {
    Optional<String> vin = journal.newest().find(Parameters.text(exchange, "vin"));
    if (vin.isEmpty()) {
      return Answer.error(404, "no vehicle with this VIN was heard of");
    }
    try {
      int limit = Parameters.number(exchange, "limit", USUAL, 1, MOST);
      Instant before = Parameters.time(exchange, "before");
      Set<String> known = ids.get();
      ArrayNode all = MAPPER.createArrayNode();
      int bytes = 0;
      for (CarMessage message : journal.messages(vin.get(), before, limit)) {
        ObjectNode shown = shown(message, known);
        bytes += shown.toString().length();
        if (bytes > MOST_BYTES && !all.isEmpty()) {
          break;
        }
        all.add(shown);
      }
      return Answer.json(200, all);
    } catch (IllegalArgumentException e) {
      return Answer.error(400, e.getMessage());
    } catch (UnreadableJournalException e) {
      return Answer.error(503, "the journal cannot be read at present; try again");
    }
  }

  private static ObjectNode shown(CarMessage message, Set<String> known) {
    JsonNode json = json(message.payload());
    AccountIds hidden = AccountIds.of(known, message.topic(), json);
    ObjectNode shown = MAPPER.createObjectNode();
    shown.put("received", message.received().toString());
    shown.put("source", message.source());
    shown.put("topic", hidden.removedFrom(message.topic()));
    if (json != null) {
      shown.set("payload", hidden.removedFrom(json));
      return shown;
    }
    String text = text(message.payload());
    if (text == null) {
      // Each byte is a character there, so that the account's id is found among them.
      String characters = new String(message.payload(), StandardCharsets.ISO_8859_1);
      byte[] rest =
          hidden.removedFrom(characters).replace('…', '*').getBytes(StandardCharsets.ISO_8859_1);
      shown.put(
          "base64",
          Base64.getEncoder().encodeToString(Arrays.copyOf(rest, Math.min(rest.length, SHOWN))));
    } else {
      String rest = hidden.removedFrom(text);
      shown.put("text", rest.length() > SHOWN ? rest.substring(0, SHOWN) + "…" : rest);
    }
    shown.put("bytes", message.payload().length);
    return shown;
  }

  /** Null where it is none, or too large to be shown whole. */
  private static JsonNode json(byte[] payload) {
    if (payload.length > MOST_BYTES) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(payload);
      return json == null || !json.isContainerNode() ? null : json;
    } catch (IOException e) {
      return null;
    }
  }

  /** Null where it is no UTF-8. */
  private static String text(byte[] payload) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
