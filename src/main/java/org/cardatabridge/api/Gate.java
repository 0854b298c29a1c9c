// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.cardatabridge.auth.TokenSet;

/**
 * The one way to BMW's REST API for an account: the steps of {@code routes/rest-call.camel.yaml}.
 * None of them throws. Safe for use by many threads.
 */
public final class Gate {

  /** The scope that calls need. */
  static final String SCOPE = "cardata:api:read";

  private static final Duration LONGEST_RENEWAL = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 250;

  /** How new tokens are asked for; one refresh at a time, whoever asks. */
  public interface Renewal {
    /** Asks for new tokens soon, with the reason for the log. */
    void ask(String reason);

    /** Whether they are still to be expected. */
    boolean isAwaited();
  }

  private final QuotaRules rules;
  private final boolean enabled;
  private final Ledger ledger;
  private final Supplier<Optional<TokenSet>> tokens;
  private final Renewal renewal;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Map<String, LongAdder> totals = new ConcurrentHashMap<>();

  /**
   * For one account.
   *
   * @param enabled whether calls may be made at all
   * @param nanos time that only goes on, as {@code System::nanoTime}
   */
  public Gate(
      QuotaRules rules,
      boolean enabled,
      Ledger ledger,
      Supplier<Optional<TokenSet>> tokens,
      Renewal renewal,
      Clock clock,
      LongSupplier nanos) {
    this.rules = rules;
    this.enabled = enabled;
    this.ledger = ledger;
    this.tokens = tokens;
    this.renewal = renewal;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * A {@link Place} in the ledger for a call, on the disk by now; or a {@link RestReply} why not.
   *
   * @param order a {@link RestCall}, or in a route of one's own the path of something to get, such
   *     as {@code /customers/vehicles/mappings}
   */
  public Object take(Object order) {
    RestCall call = call(order);
    if (call == null) {
      return without(
          RestVerdict.of(
              RestVerdict.Kind.WRONG,
              about() + "the body is neither a RestCall nor a path — see docs/http.md"));
    }
    if (!enabled) {
      return without(
          RestVerdict.of(
              RestVerdict.Kind.QUOTA,
              about() + "calls are switched off — set cardata.api.enabled=true to allow them"));
    }
    TokenSet current = tokens.get().orElse(null);
    if (current == null || current.accessToken() == null) {
      return without(
          RestVerdict.of(
              RestVerdict.Kind.LOGIN,
              about()
                  + "there is no login yet — log in: on the bridge's page, or with `./bridge"
                  + " login`"));
    }
    if (!current.scopes().isEmpty() && !current.scopes().contains(SCOPE)) {
      return without(
          RestVerdict.of(
              RestVerdict.Kind.LOGIN, about() + "the login lacks the scope " + RestErrors.scope()));
    }
    if (isExpired(current)) {
      renewal.ask("the token has expired");
      await(() -> !tokens.get().map(this::isExpired).orElse(true));
      current = tokens.get().orElse(current);
      if (isExpired(current)) {
        return without(
            RestVerdict.of(
                RestVerdict.Kind.LATER,
                about()
                    + "the token has expired and there is no new one yet — nothing to do while the"
                    + " bridge is logged in; its page says where it is not"));
      }
    }
    Ledger.Taken taken = ledger.take(rules, call);
    return taken.entry() == null
        ? without(taken.refusal())
        : new Place(taken.entry(), call, current.accessToken(), nanos.getAsLong());
  }

  private boolean isExpired(TokenSet current) {
    return !clock.instant().isBefore(current.expiresAt());
  }

  private RestCall call(Object order) {
    if (order instanceof String path && path.startsWith("/")) {
      return RestCall.get(rules.account(), path);
    }
    return order instanceof RestCall call ? call : null;
  }

  private String about() {
    return "Asking BMW for account " + rules.account() + ": ";
  }

  private RestReply without(RestVerdict verdict) {
    return new RestReply(verdict, 0, null, null, new byte[0], clock.instant());
  }

  /**
   * An answer of whatever status.
   *
   * @param status null where the server sent none
   * @param retryAfter the header; null where the server sent none
   * @param contentType the header; null where the server sent none
   * @param body null where the server sent none
   */
  public RestAnswer answer(Integer status, String retryAfter, String contentType, byte[] body) {
    byte[] bytes = body == null ? new byte[0] : body;
    return new RestAnswer(status == null ? 0 : status, retryAfter, contentType, bytes, null);
  }

  /** That none came, and why. */
  public RestAnswer noAnswer(Exception cause) {
    return new RestAnswer(0, null, null, new byte[0], cause);
  }

  /** What an answer means, by BMW's error id and then by the status. */
  public RestReply decide(RestAnswer answer, Place place) {
    return RestDecision.of(place.call(), answer, clock.instant());
  }

  /** Writes into the ledger how a call ended; gives the place back where nothing reached BMW. */
  public void settle(RestAnswer answer, Place place) {
    RestReply reply = decide(answer, place);
    boolean reached = !RestDecision.neverLeft(answer.failure());
    boolean isUsedUp = reply.verdict().kind() == RestVerdict.Kind.QUOTA;
    Instant blocked =
        isUsedUp ? QuotaCount.blockedUntil(place.entry().at(), reply.verdict().retryAfter()) : null;
    Duration took = Duration.ofNanos(nanos.getAsLong() - place.begun());
    totals.computeIfAbsent(statusClass(reply.status()), k -> new LongAdder()).increment();
    ledger.complete(place.entry().ended(reply, reached, took, blocked));
  }

  private static String statusClass(int status) {
    return status < 100 || status > 599 ? "none" : status / 100 + "xx";
  }

  /**
   * Has the refused token renewed and waits for it, at most for half a minute; several calls that
   * wait lead to one refresh.
   *
   * @param reply what a call with that token led to
   * @return the {@link RestCall} to be made again, or the reply where there is no other token
   */
  public Object renew(RestReply reply, Place place) {
    if (!isNewer(place)) {
      renewal.ask("BMW's REST API does not take the token");
      await(() -> isNewer(place));
    }
    return isNewer(place) ? place.call() : reply;
  }

  private boolean isNewer(Place place) {
    String current = tokens.get().map(TokenSet::accessToken).orElse(null);
    return current != null && !Objects.equals(current, place.token());
  }

  private synchronized void await(BooleanSupplier isThere) {
    long end = System.nanoTime() + LONGEST_RENEWAL.toNanos();
    try {
      while (!isThere.getAsBoolean() && renewal.isAwaited() && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.timedWait(this, LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** There are new tokens: whoever waits for them goes on. */
  public synchronized void tokensChanged() {
    notifyAll();
  }

  /** Whether calls may be made at all. */
  public boolean isEnabled() {
    return enabled;
  }

  /** How the account stands, read from the file now. */
  public Quota quotaNow() {
    return ledger.quotaNow(rules);
  }

  /** How the account stands, from memory; empty in the first seconds of the process. */
  public Optional<Quota> quota() {
    return ledger.quota(rules);
  }

  /** Its limit and reserve. */
  public QuotaRules rules() {
    return rules;
  }

  /** The account's last calls, the newest first. */
  public List<CallEntry> calls(int most) {
    return ledger.calls(rules.account(), most);
  }

  /** How many calls this process made, by the class of their status such as {@code 2xx}. */
  public Map<String, Long> totals() {
    return totals.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().sum()));
  }
}
