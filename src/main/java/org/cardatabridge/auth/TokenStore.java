// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of one account: in a file, and in memory for those who need them often. Safe for use
 * by many threads.
 */
public final class TokenStore {

  private static final Logger LOG = LoggerFactory.getLogger(TokenStore.class);

  private final String account;
  private final TokenFile file;
  private final List<Consumer<TokenSet>> listeners = new CopyOnWriteArrayList<>();
  private volatile TokenSet current;
  private volatile String problem;

  /**
   * Reads the tokens of an account from its place below {@code cardata.data-dir}. Where it has none
   * yet, takes over the refresh token of an older bridge.
   *
   * @param settings as this account sees them
   * @param older files of the Python bridge ({@code bmw_tokens.json}) to look at, best first
   */
  public TokenStore(String account, Settings settings, Clock clock, List<Path> older) {
    this(account, settings, clock, older, new Disk());
  }

  TokenStore(String account, Settings settings, Clock clock, List<Path> older, Disk disk) {
    this.account = account;
    file = new TokenFile(TokenFile.of(Path.of(settings.get("cardata.data-dir")), account), disk);
    String clientId = settings.find("cardata.client-id").orElse(null);
    TokenSet stored = file.read().orElse(null);
    if (stored != null && isOfAnotherClient(stored, clientId)) {
      LOG.warn(
          "Reading {}: its tokens belong to another client id than cardata.client-id"
              + " — a new login replaces them",
          file.path());
      stored = null;
    } else if (stored == null && clientId != null) {
      stored = takeOver(older, clientId, clock);
    }
    current = stored;
  }

  /** The GCID in an account's token file; empty where there is none. Changes nothing. */
  public static Optional<String> storedGcid(Path dataDir, String account) {
    return new TokenFile(TokenFile.of(dataDir, account), new Disk()).read().map(TokenSet::gcid);
  }

  private static boolean isOfAnotherClient(TokenSet stored, String clientId) {
    return clientId != null && stored.clientId() != null && !stored.clientId().equals(clientId);
  }

  private TokenSet takeOver(List<Path> older, String clientId, Clock clock) {
    for (Path path : older) {
      Optional<TokenSet> tokens = LegacyTokens.read(path, clientId, clock.instant());
      if (tokens.isPresent()) {
        LOG.warn(
            "Took over the login in {} for account {}: the first refresh makes that file useless"
                + " to the old bridge — stop the old bridge",
            path,
            account);
        persist(tokens.get());
        return tokens.get();
      }
    }
    return null;
  }

  /** The newest tokens; empty before the first login. */
  public Optional<TokenSet> current() {
    return Optional.ofNullable(current);
  }

  /**
   * Makes tokens durable, and only then the current ones. Where the file cannot be written they are
   * kept in memory, {@link #problem} says so, and {@link #retry} tries again: the previous refresh
   * token is dead by now, so throwing these away would cost a login.
   */
  public void save(TokenSet tokens) {
    save(null, tokens);
  }

  /**
   * The same, but only where these tokens would take the place of the ones they were made from.
   *
   * @param previous what they were made from; null where they come from a login
   * @return whether they were saved
   */
  boolean save(TokenSet previous, TokenSet tokens) {
    Objects.requireNonNull(tokens, "tokens");
    synchronized (this) {
      if (previous != null && !previous.equals(current)) {
        return false;
      }
      persist(tokens);
      current = tokens;
    }
    // Outside of our lock: a listener may hold one of its own while it asks for tokens.
    for (Consumer<TokenSet> listener : listeners) {
      try {
        listener.accept(tokens);
      } catch (RuntimeException e) {
        LOG.error("Telling of new tokens of account {}: {}", account, e.toString(), e);
      }
    }
    return true;
  }

  /** Calls back after each {@link #save}, on the saving thread. */
  public void onChange(Consumer<TokenSet> listener) {
    listeners.add(listener);
  }

  /** Why the current tokens are not on disk, as a sentence; empty where they are. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Proves that a save would be durable now; the cause in words where it would not. */
  synchronized Optional<String> unwritable() {
    try {
      file.prove();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(inWords(e));
    }
  }

  /** Writes tokens that are only in memory so far, if there are any. */
  synchronized void retry() {
    if (problem != null && current != null) {
      persist(current);
    }
  }

  /** Where they stand; the file need not be there. */
  public Path path() {
    return file.path();
  }

  private void persist(TokenSet tokens) {
    try {
      file.write(tokens);
      if (problem != null) {
        LOG.info("Writing {}: works again", file.path());
      }
      problem = null;
    } catch (IOException e) {
      boolean first = problem == null;
      problem =
          "Writing "
              + file.path()
              + ": "
              + inWords(e)
              + " — make room or make it writable; until then the login of account "
              + account
              + " is lost at a restart";
      if (first) {
        LOG.warn(problem);
      }
    }
  }

  /** The exception's own message repeats the path. */
  private static String inWords(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    if (e instanceof FileSystemException) {
      return e.getClass().getSimpleName().replace("Exception", "");
    }
    return String.valueOf(e.getMessage());
  }

  /** Names the account, nothing else. */
  @Override
  public String toString() {
    return "TokenStore[" + account + "]";
  }
}
