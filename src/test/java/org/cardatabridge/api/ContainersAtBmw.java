// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.api.RestVerdict.Kind;

/** Answers the calls about containers as BMW does, in place of {@code direct:rest-call-main}. */
public final class ContainersAtBmw {

  private record Kept(String name, String purpose, String state, List<String> descriptors) {}

  /** What a test does before a container is made. */
  interface Step {
    void run() throws Exception;
  }

  final List<String> calls = new CopyOnWriteArrayList<>();
  Step beforePost = () -> {};
  final Set<String> unknown = new HashSet<>();
  final Map<String, RestVerdict> refusals = new LinkedHashMap<>();
  int largest = 200;
  boolean namesTheUnknown;

  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private final ObjectMapper json = new ObjectMapper();

  /** Adds one as if made by hand or by another program. */
  String has(String name, String purpose, String state, String... descriptors) {
    String id = "C0NTAINER%04d".formatted(kept.size() + 1);
    kept.put(id, new Kept(name, purpose, state, List.of(descriptors)));
    return id;
  }

  List<String> descriptorsOf(String id) {
    return kept.get(id).descriptors();
  }

  /** The next call of this kind, say {@code POST}, is answered so. */
  void refuseOnce(String method, Kind kind) {
    refusals.put(
        method, new RestVerdict(kind, "BMW said " + kind + " — a sentence", Duration.ZERO));
  }

  /** What BMW answers; a bean for a route. */
  public RestReply answer(RestCall call) throws Exception {
    String last = call.path().substring("/customers/containers".length());
    calls.add(call.method() + last);
    RestVerdict refusal = refusals.remove(call.method());
    if (refusal != null) {
      return reply(refusal, "");
    }
    if (call.method().equals("POST")) {
      beforePost.run();
      return create(json.readTree(call.body()));
    }
    if (last.isEmpty()) {
      List<Object> all = new ArrayList<>();
      kept.forEach((id, one) -> all.add(shown(id, one, false)));
      return reply(RestVerdict.OK, json.writeValueAsString(Map.of("containers", all)));
    }
    String id = last.substring(1);
    if (!kept.containsKey(id)) {
      return reply(RestVerdict.of(Kind.CONTAINER_GONE, "gone"), "");
    }
    if (call.method().equals("DELETE")) {
      Kept one = kept.get(id);
      kept.put(id, new Kept(one.name(), one.purpose(), "DELETED", one.descriptors()));
      return reply(RestVerdict.OK, "");
    }
    return reply(RestVerdict.OK, json.writeValueAsString(shown(id, kept.get(id), true)));
  }

  private RestReply create(JsonNode body) throws Exception {
    List<String> keys = new ArrayList<>();
    body.path("technicalDescriptors").forEach(key -> keys.add(key.asText()));
    if (kept.values().stream().filter(one -> one.state().equals("ACTIVE")).count() >= 10) {
      return reply(RestVerdict.of(Kind.CONTAINERS_FULL, "ten exist"), "");
    }
    if (keys.size() > largest) {
      return reply(RestVerdict.of(Kind.CONTAINER_TOO_LARGE, "too large"), "");
    }
    List<String> bad = keys.stream().filter(unknown::contains).toList();
    if (!bad.isEmpty()) {
      return reply(
          RestVerdict.of(Kind.DESCRIPTOR, "not known"),
          "{\"exveErrorId\":\"CU-402\",\"exveErrorMsg\":\"unknown key"
              + (namesTheUnknown ? " " + bad.get(0) + "." : "")
              + "\"}");
    }
    String id =
        has(
            body.path("name").asText(),
            body.path("purpose").asText(),
            "ACTIVE",
            keys.toArray(new String[0]));
    return reply(RestVerdict.OK, json.writeValueAsString(shown(id, kept.get(id), true)));
  }

  private static Map<String, Object> shown(String id, Kept one, boolean whole) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("containerId", id);
    shown.put("name", one.name());
    shown.put("purpose", one.purpose());
    shown.put("state", one.state());
    shown.put("created", "2026-01-05T08:00:00." + id.substring(10) + "Z");
    if (whole) {
      shown.put("technicalDescriptors", one.descriptors());
    }
    return shown;
  }

  static RestReply reply(RestVerdict verdict, String body) {
    int status = verdict.kind() == Kind.OK ? 200 : 400;
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new RestReply(verdict, status, null, "application/json", bytes, Instant.EPOCH);
  }
}
