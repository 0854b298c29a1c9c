// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Stands before every route: refuses a Host header that is not ours (a web page elsewhere could let
 * its name point here), a changing request from another origin, and a missing password; of wrong
 * ones it takes so many a minute. Safe for use by many threads.
 */
final class Guard implements Handler<RoutingContext> {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Names that no public name server answers for, so that nobody can let one point here. */
  private static final Pattern LOCAL_NAME =
      Pattern.compile(
          "[a-z0-9_-]+"
              + "|([a-z0-9_-]+\\.)+(local|lan|home|home\\.arpa|internal|localdomain|fritz\\.box)");

  private static final Pattern KEPT = Pattern.compile("/|/assets/[^/]+|/api/vehicles/[^/]+/image");
  private static final String HEALTH = "/observe/health";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Set<String> names;
  private final Optional<String> password;
  private final String policy;
  private final Guesses guesses;

  /** Answers to these host names, to names of a local network and to every IP address. */
  Guard(Set<String> names, Optional<String> password, String policy, Guesses guesses) {
    this.names = names;
    this.password = password;
    this.policy = policy;
    this.guesses = guesses;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    secure(context.response(), context.normalizedPath());
    if (!isOurs(request.authority())) {
      refuse(
          context,
          403,
          "this Host header is not one of ours; use localhost, an IP address or a local name");
    } else if (!SAFE.contains(request.method()) && isFromElsewhere(request)) {
      refuse(context, 403, "refused from another origin");
    } else if (password.isPresent() && !isPublic(context.normalizedPath())) {
      checkPassword(context, request.getHeader(HttpHeaders.AUTHORIZATION));
    } else {
      context.next();
    }
  }

  private void checkPassword(RoutingContext context, String given) {
    String address = context.request().remoteAddress().hostAddress();
    Duration left = given == null ? Duration.ZERO : guesses.left(address);
    if (!left.isZero()) {
      // The right one as well: a guesser must not learn that it is.
      String seconds = Long.toString(Brake.seconds(left));
      context.response().putHeader(HttpHeaders.RETRY_AFTER, seconds);
      refuse(
          context,
          429,
          "too many wrong passwords from your address; try again in " + seconds + " s");
    } else if (isPassword(given)) {
      context.next();
    } else {
      if (given != null) {
        guesses.wrong(address);
      }
      context
          .response()
          .putHeader("WWW-Authenticate", "Basic realm=\"cardata\", charset=\"UTF-8\"");
      refuse(context, 401, "a password is needed; any user name will do");
    }
  }

  private void secure(HttpServerResponse response, String path) {
    response
        .putHeader("Content-Security-Policy", policy)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        // What has a tag may be kept, as long as the tag is asked for each time.
        .putHeader(
            "Cache-Control", KEPT.matcher(path).matches() ? "private, no-cache" : "no-store");
  }

  private boolean isOurs(HostAndPort authority) {
    if (authority == null) {
      return false;
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    return host.startsWith("[")
        || host.contains(":")
        || IPV4.matcher(host).matches()
        || LOCAL_NAME.matcher(host).matches()
        || names.contains(host);
  }

  private static boolean isFromElsewhere(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      // Only the browser can set it, and it holds behind a proxy that rewrites Host as well.
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && !request.authority().toString().equalsIgnoreCase(authority(origin));
  }

  /** Host and port of an origin; the port left out where it is the scheme's own. */
  private static String authority(String origin) {
    try {
      return URI.create(origin).getRawAuthority();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isPublic(String path) {
    return path.equals(HEALTH) || path.startsWith(HEALTH + "/");
  }

  private boolean isPassword(String given) {
    if (given == null || !given.regionMatches(true, 0, "Basic ", 0, 6)) {
      return false;
    }
    try {
      String pair =
          new String(Base64.getDecoder().decode(given.substring(6).trim()), StandardCharsets.UTF_8);
      return MessageDigest.isEqual(
          pair.substring(pair.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8),
          password.get().getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static void refuse(RoutingContext context, int code, String sentence) {
    Answer answer = Answer.error(code, sentence);
    context
        .response()
        .setStatusCode(code)
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.type())
        .end(answer.text());
  }
}
