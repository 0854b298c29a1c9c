// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code tokens.json} and its backup. A write that is cut off at any point leaves a readable file,
 * the old or the new one. Keys we do not know survive. Not thread-safe: its {@link TokenStore} is.
 */
final class TokenFile {

  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Path backup;
  private final Path fresh;
  private final Path freshBackup;
  private final Path probe;
  private final Disk disk;
  private ObjectNode last = JSON.createObjectNode();

  TokenFile(Path file, Disk disk) {
    this.file = file.toAbsolutePath();
    this.disk = disk;
    backup = sibling(".bak");
    fresh = sibling(".new");
    freshBackup = sibling(".bak.new");
    probe = sibling(".probe");
  }

  /** Where an account's tokens stand below the data directory. */
  static Path of(Path dataDir, String account) {
    return account.equals("main")
        ? dataDir.resolve("tokens.json")
        : dataDir.resolve("accounts").resolve(account).resolve("tokens.json");
  }

  Path path() {
    return file;
  }

  /** The stored tokens; empty where there is no file, or nothing readable. Never throws. */
  Optional<TokenSet> read() {
    Optional<Stored> main = read(file);
    Optional<Stored> found = main;
    if (main.isEmpty() && Files.exists(file)) {
      found = read(backup);
      found.ifPresent(
          stored ->
              LOG.warn(
                  "Reading {}: it is damaged — using {} from {}",
                  file,
                  backup.getFileName(),
                  stored.tokens().obtainedAt()));
      if (found.isEmpty() && size(file) > 2) {
        LOG.warn("Reading {}: it holds no tokens — log in again", file);
      }
    }
    // Killed between sync and rename: only this one has the refresh token that still lives.
    Optional<Stored> cutOff = read(fresh);
    if (cutOff.isPresent()
        && (found.isEmpty() || cutOff.get().tokens().obtainedAt().isAfter(obtained(found)))) {
      found = cutOff;
    }
    found.ifPresent(stored -> last = stored.json());
    return found.map(Stored::tokens);
  }

  /**
   * Makes the tokens durable and keeps the previous file as {@code .bak}.
   *
   * @throws IOException where that failed; the old file is then still whole
   */
  void write(TokenSet tokens) throws IOException {
    ObjectNode json = toJson(tokens, last);
    byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    Path directory = directory();
    try {
      disk.create(fresh, bytes);
    } catch (IOException e) {
      if (!forbidsNewFiles(e) || !Files.exists(file)) {
        throw e;
      }
      disk.overwrite(file, bytes);
      last = json;
      return;
    }
    Optional<Stored> previous = read(file);
    if (previous.isPresent()) {
      disk.create(freshBackup, disk.read(file));
      disk.replace(freshBackup, backup);
    }
    try {
      disk.replace(fresh, file);
    } catch (FileSystemException e) {
      // A single bind-mounted file cannot be replaced (EBUSY), only written over.
      if (!Files.exists(file)) {
        throw e;
      }
      LOG.debug("Replacing {}: {} — writing over it", file, e.getReason());
      disk.overwrite(file, bytes);
      disk.delete(fresh);
    }
    syncDirectory(directory);
    last = json;
  }

  /**
   * Proves that a write would work now, by writing as much as one needs beside the file.
   *
   * @throws IOException where it would not
   */
  void prove() throws IOException {
    directory();
    try {
      disk.create(probe, new byte[32 * 1024]);
      disk.delete(probe);
    } catch (IOException e) {
      if (!forbidsNewFiles(e) || !Files.exists(file)) {
        throw e;
      }
      disk.openForWriting(file);
    }
  }

  /** Some shares (CIFS, FUSE) cannot sync a directory; the file itself is synced by now. */
  private void syncDirectory(Path directory) {
    try {
      disk.syncDirectory(directory);
    } catch (IOException e) {
      LOG.debug("Syncing the directory {}: {} — taken as done", directory, e.toString());
    }
  }

  private Path directory() throws IOException {
    Path directory = file.getParent();
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
    return directory;
  }

  /** A full disk is no such case: writing over the file would find it full as well. */
  private static boolean forbidsNewFiles(IOException e) {
    return e instanceof AccessDeniedException
        || (e instanceof FileSystemException f
            && String.valueOf(f.getReason()).contains("Read-only file system"));
  }

  private Path sibling(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static Instant obtained(Optional<Stored> stored) {
    return stored.orElseThrow().tokens().obtainedAt();
  }

  private record Stored(ObjectNode json, TokenSet tokens) {}

  private Optional<Stored> read(Path path) {
    JsonNode json;
    try {
      json = JSON.readTree(disk.read(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("Reading {}: {}", path, e.getClass().getSimpleName());
      return Optional.empty();
    }
    return json instanceof ObjectNode object
        ? toTokens(object).map(tokens -> new Stored(object, tokens))
        : Optional.empty();
  }

  private static ObjectNode toJson(TokenSet tokens, ObjectNode before) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", 1);
    put(json, "client_id", tokens.clientId());
    put(json, "gcid", tokens.gcid());
    put(json, "scope", tokens.scope());
    put(json, "access_token", tokens.accessToken());
    put(json, "id_token", tokens.idToken());
    put(json, "refresh_token", tokens.refreshToken());
    put(json, "obtained_at", tokens.obtainedAt());
    put(json, "expires_at", tokens.expiresAt());
    put(json, "refresh_expires_at", tokens.refreshExpiresAt());
    before
        .properties()
        .forEach(
            key -> {
              if (!json.has(key.getKey())) {
                json.set(key.getKey(), key.getValue());
              }
            });
    return json;
  }

  private static void put(ObjectNode json, String key, Object value) {
    json.put(key, Objects.toString(value, null));
  }

  private static Optional<TokenSet> toTokens(ObjectNode json) {
    String idToken = text(json, "id_token");
    String refreshToken = text(json, "refresh_token");
    if (idToken == null && refreshToken == null) {
      return Optional.empty();
    }
    Instant obtained = instant(json, "obtained_at", Instant.EPOCH);
    return Optional.of(
        new TokenSet(
            text(json, "client_id"),
            text(json, "gcid"),
            text(json, "scope"),
            text(json, "access_token"),
            idToken,
            refreshToken,
            obtained,
            instant(json, "expires_at", obtained),
            instant(json, "refresh_expires_at", null)));
  }

  private static String text(JsonNode json, String key) {
    String text = json.path(key).asText("");
    return text.isBlank() || text.equals("null") ? null : text;
  }

  private static Instant instant(JsonNode json, String key, Instant otherwise) {
    String text = text(json, key);
    if (text == null) {
      return otherwise;
    }
    try {
      Instant instant = Instant.parse(text);
      return instant.isAfter(TokenSet.LATEST) ? otherwise : instant;
    } catch (DateTimeException e) {
      return otherwise;
    }
  }
}
