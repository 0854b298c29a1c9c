// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cardatabridge.disk.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What notifications remember over a restart, as a file: {@code notify.json} in the data directory,
 * readable by its owner only. Not thread-safe.
 */
final class MemoryFile {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryFile.class);
  private static final int VERSION = 1;

  /** Everything that is remembered. */
  record Content(Map<String, Episode> episodes, List<Pending> pending, List<String> recent) {}

  private final ObjectMapper mapper = new ObjectMapper();
  private final Path file;

  MemoryFile(Path file) {
    this.file = file;
  }

  /** What was written last; nothing where there is no file, or one of no use, which is kept. */
  Content read() {
    try {
      return content(mapper.readTree(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return new Content(Map.of(), List.of(), List.of());
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      LOG.warn(
          "Reading {}: it is of no use — what was said before may be said again; it is kept as {}",
          file,
          aside.getFileName());
      try {
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException more) {
        LOG.debug("Keeping {} aside", file, more);
      }
      return new Content(Map.of(), List.of(), List.of());
    }
  }

  /** Writes it; durable when it returns. */
  void write(Content content) throws IOException {
    new PrivateFile(file).replace(mapper.writeValueAsBytes(json(content)));
  }

  // ---- JSON ---------------------------------------------------------------------------------

  private static Content content(JsonNode json) {
    Map<String, Episode> episodes = new TreeMap<>();
    json.path("episodes")
        .properties()
        .forEach(
            e ->
                episodes.put(
                    e.getKey(),
                    new Episode(
                        Instant.parse(text(e.getValue(), "since")),
                        e.getValue().path("told").asBoolean(),
                        text(e.getValue(), "mark"))));
    List<Pending> pending = new ArrayList<>();
    json.path("pending").forEach(p -> pending.add(pending(p)));
    List<String> recent = new ArrayList<>();
    json.path("recent").forEach(id -> recent.add(id.asText()));
    return new Content(episodes, pending, recent);
  }

  private static Pending pending(JsonNode json) {
    Set<String> owed = new TreeSet<>();
    json.path("owed").forEach(channel -> owed.add(channel.asText()));
    Notice notice =
        new Notice(
            text(json, "id"),
            text(json, "rule"),
            text(json, "subject"),
            json.path("origin").asText(null),
            text(json, "about"),
            text(json, "text"),
            json.path("link").asText(null),
            json.path("urgent").asBoolean(),
            Instant.parse(text(json, "at")),
            later(json.path("later")));
    return new Pending(
        notice, owed, json.path("taken").asBoolean(), json.path("alone").asBoolean());
  }

  private static Notice.Later later(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new Notice.Later(
            Instant.parse(text(json, "from")), text(json, "text"), json.path("link").asText(null));
  }

  private static String text(JsonNode json, String field) {
    if (!json.path(field).isTextual()) {
      throw new IllegalArgumentException("there is no " + field);
    }
    return json.path(field).asText();
  }

  private ObjectNode json(Content content) {
    ObjectNode json = mapper.createObjectNode().put("version", VERSION);
    ObjectNode episodes = json.putObject("episodes");
    content
        .episodes()
        .forEach(
            (key, episode) ->
                episodes
                    .putObject(key)
                    .put("since", episode.since().toString())
                    .put("told", episode.told())
                    .put("mark", episode.mark()));
    content.pending().forEach(p -> write(p, json.withArray("pending").addObject()));
    content.recent().forEach(json.withArray("recent")::add);
    return json;
  }

  private static void write(Pending pending, ObjectNode json) {
    Notice notice = pending.notice();
    json.put("id", notice.id())
        .put("rule", notice.rule())
        .put("subject", notice.subject())
        .put("about", notice.about())
        .put("text", notice.text())
        .put("urgent", notice.urgent())
        .put("at", notice.at().toString())
        .put("taken", pending.taken())
        .put("alone", pending.alone());
    if (notice.origin() != null) {
      json.put("origin", notice.origin());
    }
    if (notice.link() != null) {
      json.put("link", notice.link());
    }
    if (notice.later() != null) {
      ObjectNode later =
          json.putObject("later")
              .put("from", notice.later().from().toString())
              .put("text", notice.later().text());
      if (notice.later().link() != null) {
        later.put("link", notice.later().link());
      }
    }
    pending.owed().forEach(json.withArray("owed")::add);
  }
}
