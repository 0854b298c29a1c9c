// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.auth.TokenSet;

/** Whether the tokens are there, private, alive and renewed. */
final class TokensCheck implements Check {

  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final Duration LOOK_EACH = Duration.ofMillis(100);
  private static final Duration SOON = Duration.ofDays(2);

  private final Patient patient;
  private final String hostSuffix;
  private final Clock clock;

  TokensCheck(Patient patient, String hostSuffix, Clock clock) {
    this.patient = patient;
    this.hostSuffix = hostSuffix;
    this.clock = clock;
  }

  @Override
  public String id() {
    return patient.id("tokens");
  }

  @Override
  public String title() {
    return "tokens";
  }

  @Override
  public String account() {
    return patient.shownName();
  }

  @Override
  public Set<String> needs() {
    return Set.of(
        "settings",
        "disk",
        "clock",
        patient.id("client-id"),
        "dns-auth" + hostSuffix,
        "tls-auth" + hostSuffix);
  }

  @Override
  public Duration limit() {
    return PATIENCE.plusSeconds(3);
  }

  @Override
  public Finding look() throws InterruptedException {
    LoginSnapshot login = settled();
    String reason = login.message() == null ? "" : login.message();
    Optional<TokenSet> tokens = patient.tokens().get();
    if (login.state().equals(LoginSnapshot.REFUSED)) {
      return Finding.failed("tokens.refused", "reason", reason);
    }
    if (tokens.isEmpty()) {
      return login.state().equals(LoginSnapshot.PENDING)
          ? Finding.failed("tokens.pending")
          : Finding.failed("tokens.none");
    }
    if (isDead(login, tokens.get())) {
      return Finding.failed("tokens.dead", "reason", reason);
    }
    if (isExpired(tokens.get())) {
      return Finding.failed(
          "tokens.expired",
          "since",
          tokens.get().expiresAt(),
          "reason",
          reason.isEmpty() ? "…" : reason);
    }
    return alive(tokens.get());
  }

  /** Also where the login that is to take its place is under way already. */
  private static boolean isDead(LoginSnapshot login, TokenSet tokens) {
    return login.state().equals(LoginSnapshot.LOGIN_REQUIRED)
        || login.state().equals(LoginSnapshot.PENDING)
            && tokens.refreshExpiresAt() != null
            && login.refreshTokenExpiresAt() == null;
  }

  private Finding alive(TokenSet tokens) {
    if (isReadableByOthers(patient.tokenFile())) {
      return Finding.warning("tokens.open", "file", patient.tokenFile());
    }
    Instant end = tokens.refreshExpiresAt();
    if (end == null) {
      return Finding.warning("tokens.no-refresh", "until", tokens.expiresAt());
    }
    return end.isBefore(clock.instant().plus(SOON))
        ? Finding.warning("tokens.ending", "until", end)
        : Finding.ok("tokens.ok", "until", tokens.expiresAt(), "end", end);
  }

  /** A refresh that is due is given the time to end: only BMW knows whether the token lives. */
  private LoginSnapshot settled() throws InterruptedException {
    Instant end = clock.instant().plus(PATIENCE);
    LoginSnapshot login = patient.login().get();
    while (clock.instant().isBefore(end)
        && login.state().equals(LoginSnapshot.AUTHORIZED)
        && patient.tokens().get().map(this::isExpired).orElse(false)) {
      Thread.sleep(LOOK_EACH.toMillis());
      login = patient.login().get();
    }
    return login;
  }

  private boolean isExpired(TokenSet tokens) {
    return !clock.instant().isBefore(tokens.expiresAt());
  }

  private static boolean isReadableByOthers(Path file) {
    try {
      Set<PosixFilePermission> own =
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE);
      return !own.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
