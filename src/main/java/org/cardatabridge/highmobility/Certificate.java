// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.CertificateCredentials;
import org.cardatabridge.stream.CredentialSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate of High Mobility as a session logs in with it: read when it is first asked for, and
 * again when its files change, its time is over or it could not be used before. So new files take
 * effect without a restart. Says in the log, once a day, that it ends soon. Safe for use by many
 * threads.
 */
public final class Certificate implements CredentialSource {

  /** How long before its end a certificate is said to end soon. */
  public static final Duration SOON = Duration.ofDays(28);

  private static final Logger LOG = LoggerFactory.getLogger(Certificate.class);
  private static final Duration SAY_AGAIN = Duration.ofDays(1);
  private static final String OWN = "cardata.highmobility.";
  private static final String NEW_ONE =
      " — download a new one from High Mobility and put its files in place of these; no restart is"
          + " needed";

  private final String account;
  private final CertificateFiles files;
  private final Optional<String> appId;
  private final Optional<String> clientId;
  private final boolean needsAppId;
  private final Consumer<String> hide;
  private final ClientIds clientIds;
  private final Clock clock;

  // All below is guarded by this.
  private Papers papers;
  private Instant usedUntil;
  private String sharedWith;
  private String stamp;
  private String warned;
  private Instant saidAt;

  /**
   * For an account's files; nothing is read yet.
   *
   * @param settings as the account sees them
   * @param workDir where relative paths start
   * @param hide hears of client id and application id before anything uses them
   * @param clientIds those of all accounts
   */
  public Certificate(
      String account,
      Settings settings,
      Path workDir,
      Consumer<String> hide,
      ClientIds clientIds,
      Clock clock) {
    this.account = account;
    this.files =
        new CertificateFiles(
            settings.find(OWN + "ca-file").map(workDir::resolve).orElse(null),
            workDir.resolve(settings.get(OWN + "client-cert-file")),
            workDir.resolve(settings.get(OWN + "client-key-file")));
    this.appId = settings.find(OWN + "app-id");
    this.clientId = settings.find(OWN + "client-id");
    this.needsAppId = settings.get(OWN + "topic").contains(CertificateCredentials.APP_ID);
    this.hide = hide;
    this.clientIds = clientIds;
    this.clock = clock;
  }

  /** How a certificate stands. */
  public enum State {
    /** It can be used, for weeks to come. */
    VALID,
    /** It can be used, but ends within {@link #SOON}. */
    EXPIRES_SOON,
    /** Its time is over. */
    EXPIRED,
    /** Its time has not come. */
    NOT_YET_VALID,
    /** Its files cannot be used. */
    UNUSABLE;

    /** The spelling of the status: {@code expires-soon}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What the files say. Immutable; no ids are in it.
   *
   * @param state how it stands
   * @param from since when the certificate is valid; null where that is not known
   * @param until until when it is; null where that is not known
   * @param text what is wrong and what to do; null where nothing is
   */
  public record Standing(State state, Instant from, Instant until, String text) {}

  /** What was read, or why nothing could be. */
  private record Papers(ClientIdentity identity, Found found, State trouble, Instant until) {}

  @Override
  public synchronized Found look() {
    Instant now = clock.instant();
    String current = files.stamp();
    boolean isToRead =
        papers == null
            || papers.identity() == null
            || papers.found().credentials() == null
            || now.isAfter(papers.until())
            || !current.equals(stamp);
    if (isToRead) {
      stamp = current;
      papers = read();
      usedUntil = papers.found().credentials() == null ? usedUntil : papers.until();
      warn(current);
    }
    sayItEnds(now);
    return papers.found();
  }

  /** A person has to. */
  @Override
  public void renew(String reason) {
    LOG.debug("Nobody can renew the certificate of {} but its owner: {}", account, reason);
  }

  private Papers read() {
    ClientIdentity identity;
    sharedWith = null;
    try {
      identity = files.read(clock);
    } catch (UnusableCertificateException e) {
      clientIds.release(account);
      State state =
          switch (e.fault()) {
            case EXPIRED -> State.EXPIRED;
            case NOT_YET_VALID -> State.NOT_YET_VALID;
            case UNUSABLE -> State.UNUSABLE;
          };
      return new Papers(null, Found.unusable(e.getMessage()), state, e.expiresAt());
    }
    String client = clientId.orElse(identity.clientId());
    String app = appId.orElse(identity.appId());
    Stream.of(Optional.ofNullable(client), Optional.ofNullable(app))
        .flatMap(Optional::stream)
        .forEach(hide);
    if (client == null) {
      return unusable(
          identity,
          "neither it nor the names of its files tell its id — set " + OWN + "client-id to it");
    }
    if (app == null && needsAppId) {
      return unusable(
          identity,
          "it names no application — set " + OWN + "app-id to the id of yours at High Mobility");
    }
    sharedWith = clientIds.claim(account, client).orElse(null);
    if (sharedWith != null) {
      return unusable(
          identity,
          "it has the client id of the account '"
              + sharedWith
              + "', and High Mobility allows one connection for each — give each account a"
              + " certificate of its own");
    }
    Found found =
        Found.of(
            new CertificateCredentials(client, app, identity.sslContext(), identity.notAfter()));
    return new Papers(identity, found, null, identity.notAfter());
  }

  private Papers unusable(ClientIdentity identity, String why) {
    return new Papers(
        identity,
        Found.unusable("Reading the certificate of the account " + account + ": " + why),
        State.UNUSABLE,
        identity.notAfter());
  }

  private void warn(String current) {
    if (!current.equals(warned)) {
      warned = current;
      files.warning().ifPresent(sentence -> LOG.warn("{} (account {})", sentence, account));
    }
  }

  private void sayItEnds(Instant now) {
    boolean isSaid = saidAt != null && Duration.between(saidAt, now).compareTo(SAY_AGAIN) < 0;
    if (papers.found().credentials() != null && endsSoon(now) && !isSaid) {
      saidAt = now;
      LOG.warn("{} (account {})", ends(now), account);
    }
  }

  private boolean endsSoon(Instant now) {
    return !papers.until().isAfter(now.plus(SOON));
  }

  private String ends(Instant now) {
    long days = Duration.between(now, papers.until()).toDays();
    return "High Mobility's certificate ends "
        + (days < 1 ? "within a day" : days == 1 ? "in a day" : "in " + days + " days")
        + ", at "
        + papers.until().truncatedTo(ChronoUnit.SECONDS)
        + NEW_ONE;
  }

  /** How it stands now, where nothing runs with files that were here before. */
  public Standing standing() {
    return standing(false);
  }

  /**
   * How it stands now.
   *
   * @param isConnected whether a connection stands, which goes on with what it was made with
   */
  public synchronized Standing standing(boolean isConnected) {
    Instant now = clock.instant();
    if (papers == null || papers.until() != null && now.isAfter(papers.until())) {
      look();
    }
    Instant from = papers.identity() == null ? null : papers.identity().notBefore();
    if (papers.trouble() != null) {
      String text = papers.found().unusable() + (isConnected ? stillRuns(now) : "");
      return new Standing(papers.trouble(), from, papers.until(), text);
    }
    return endsSoon(now)
        ? new Standing(State.EXPIRES_SOON, from, papers.until(), ends(now))
        : new Standing(State.VALID, from, papers.until(), null);
  }

  private String stillRuns(Instant now) {
    if (usedUntil == null) {
      return "";
    }
    return now.isAfter(usedUntil)
        ? "; the connection still runs, until either side ends it"
        : "; the connection still runs with the files read before, whose certificate ends at "
            + usedUntil.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Where its files lie, as its sentences name them. */
  public List<String> paths() {
    return files.shown();
  }

  /** The client id; empty where the files cannot be used. */
  public Optional<String> clientId() {
    return look().credentials() instanceof CertificateCredentials found
        ? Optional.of(found.clientId())
        : Optional.empty();
  }

  /** The other account that has its client id; empty where none does, or nothing could be read. */
  public synchronized Optional<String> sharedWith() {
    look();
    return Optional.ofNullable(sharedWith);
  }

  /** Connects with it; empty where the files cannot be used. */
  public Optional<SSLContext> tls() {
    return look().credentials() instanceof CertificateCredentials found
        ? Optional.of(found.tls())
        : Optional.empty();
  }

  /** Client id and application id, as far as they are known; nobody else is to see them. */
  public synchronized Set<String> ids() {
    Stream<String> read =
        papers == null || papers.identity() == null
            ? Stream.empty()
            : Stream.of(
                    Optional.ofNullable(papers.identity().clientId()),
                    Optional.ofNullable(papers.identity().appId()))
                .flatMap(Optional::stream);
    return Stream.concat(Stream.concat(appId.stream(), clientId.stream()), read)
        .filter(id -> !id.isBlank())
        .collect(Collectors.toUnmodifiableSet());
  }
}
