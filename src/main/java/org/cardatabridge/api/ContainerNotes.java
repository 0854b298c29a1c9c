// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is remembered about an account's containers. Safe for use by many threads. */
final class ContainerNotes {

  /** The id of the container in use; whoever finds that BMW does not take it forgets the note. */
  private static final String USED = "container";

  private static final String OF_ONE = "container.";
  private static final String LAST_GOOD = "container-last-good";
  private static final String LEFT_OUT = "container-left-out";
  private static final String SEEN = "container-seen";
  private static final String WANTED = "container.wanted";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestNotes notes;

  ContainerNotes(RestNotes notes) {
    this.notes = notes;
  }

  Optional<String> used(String account) {
    return text(account, USED);
  }

  void use(String account, String id) {
    if (used(account).filter(id::equals).isEmpty()) {
      notes.put(account, null, USED, id);
    }
  }

  /** Which settings the container in use was found or made for. */
  void servedFor(String account, String fingerprint) {
    if (text(account, WANTED).filter(fingerprint::equals).isEmpty()) {
      notes.put(account, null, WANTED, fingerprint);
    }
  }

  /** What a container asks for, as far as it was ever seen. */
  Optional<List<String>> descriptors(String account, String id) {
    return text(account, OF_ONE + id).map(ContainerNotes::lines);
  }

  void describe(String account, String id, List<String> descriptors) {
    notes.put(account, null, OF_ONE + id, String.join("\n", descriptors));
  }

  void forget(String account, String id) {
    notes.forget(account, null, OF_ONE + id);
    if (used(account).filter(id::equals).isPresent()) {
      notes.forget(account, null, USED);
    }
  }

  void succeeded(String account, List<String> descriptors) {
    notes.put(account, null, LAST_GOOD, String.join("\n", descriptors));
  }

  /**
   * The wanted without those that BMW does not know: those that its answer names, else those that
   * are new since the last success.
   */
  List<String> taken(String account, List<String> wanted, RestReply reply) {
    String answer = new String(reply.body(), StandardCharsets.UTF_8);
    List<String> unnamed = wanted.stream().filter(key -> !names(answer, key)).toList();
    if (unnamed.size() < wanted.size()) {
      return unnamed;
    }
    Set<String> good =
        text(account, LAST_GOOD).map(ContainerNotes::lines).map(Set::copyOf).orElse(Set.of());
    List<String> kept = wanted.stream().filter(good::contains).toList();
    return kept.isEmpty() || kept.size() == wanted.size() ? DescriptorSet.fewer(wanted) : kept;
  }

  private static boolean names(String text, String key) {
    for (int at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
      int end = at + key.length();
      boolean isPart =
          end < text.length()
              && (Character.isLetterOrDigit(text.charAt(end))
                  || text.charAt(end) == '.'
                      && end + 1 < text.length()
                      && Character.isLetterOrDigit(text.charAt(end + 1)));
      if (!isPart) {
        return true;
      }
    }
    return false;
  }

  /** What BMW did not take of exactly these. */
  Set<String> leftOut(String account, List<String> all) {
    List<String> lines = text(account, LEFT_OUT).map(ContainerNotes::lines).orElse(List.of());
    return lines.isEmpty() || !lines.get(0).equals(fingerprint(all))
        ? Set.of()
        : new HashSet<>(lines.subList(1, lines.size()));
  }

  void leaveOut(String account, List<String> all, List<String> kept) {
    StringBuilder text = new StringBuilder(fingerprint(all));
    all.stream().filter(key -> !kept.contains(key)).forEach(key -> text.append('\n').append(key));
    notes.put(account, null, LEFT_OUT, text.toString());
  }

  static String fingerprint(List<String> all) {
    String text = String.join("\n", all.stream().sorted().toList());
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  Optional<ContainerSnapshot> seen(String account) {
    return text(account, SEEN)
        .flatMap(
            text -> {
              try {
                return Optional.of(JSON.readValue(text, ContainerSnapshot.class));
              } catch (JsonProcessingException e) {
                // Written by another version: the next list writes it anew.
                return Optional.empty();
              }
            });
  }

  void saw(String account, ContainerSnapshot now) {
    notes.put(account, null, SEEN, json(now));
  }

  /** What creates a container. */
  static String json(String name, String purpose, List<String> descriptors) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("purpose", purpose);
    body.put("technicalDescriptors", descriptors);
    return json(body);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing a container", e);
    }
  }

  private Optional<String> text(String account, String name) {
    return notes.find(account, null, name).map(RestNotes.Note::text).filter(t -> !t.isEmpty());
  }

  private static List<String> lines(String text) {
    return List.of(text.split("\n"));
  }
}
