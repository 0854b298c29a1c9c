// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What an answer of BMW's REST API means. Immutable.
 *
 * @param kind what to do about it; never null
 * @param sentence what happened and what to do, in words without secrets; null for {@code OK}
 * @param retryAfter how long the server asks us to wait; zero where it does not
 */
public record RestVerdict(Kind kind, String sentence, Duration retryAfter) {

  /** Classes of answers, each with a reaction of its own. */
  public enum Kind {
    /** What was asked for. */
    OK,
    /** The token is not taken (401): one refresh, one retry. */
    TOKEN,
    /** The token lacks the scope for this API (CU-103), or there is none: a login is needed. */
    LOGIN,
    /** Not this vehicle, today (CU-104): not mapped, not primary, or not able. */
    VEHICLE,
    /** The container is not ours or gone (CU-105, CU-122): forget it, list, create. */
    CONTAINER_GONE,
    /** Ten containers exist (CU-124). */
    CONTAINERS_FULL,
    /** The container is too large (CU-403). */
    CONTAINER_TOO_LARGE,
    /** A descriptor of the container is not known to BMW (CU-402). */
    DESCRIPTOR,
    /** BMW has no such thing for this vehicle (CU-126, CU-127): ask again in a week. */
    NOTHING_THERE,
    /** The page token expired (CU-125): begin the list again. */
    PAGE_EXPIRED,
    /** The day's calls are used up, by our own count or by BMW's word (CU-429). */
    QUOTA,
    /** We asked for something wrong (CU-120, CU-121, CU-400, CU-401, other 4xx). */
    WRONG,
    /** Trouble that passes: 5xx, time-out, no network, an answer that cannot be read. */
    LATER
  }

  /** What was asked for. */
  public static final RestVerdict OK = new RestVerdict(Kind.OK, null, Duration.ZERO);

  /** Refuses a missing part by its name. */
  public RestVerdict {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(retryAfter, "retryAfter");
  }

  /** One that asks for no particular pause. */
  public static RestVerdict of(Kind kind, String sentence) {
    return new RestVerdict(kind, sentence, Duration.ZERO);
  }
}
