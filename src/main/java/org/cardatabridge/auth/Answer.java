// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.time.Duration;
import org.cardatabridge.Lasting;

/**
 * What an answer of the authorisation server means. The routes choose by {@link #kind()}. Every
 * {@code why} is a cause in plain words without secrets, every {@code error} the word of the same
 * for programs (RFC 6749 and 8628: {@code access_denied}, …).
 */
public sealed interface Answer {

  /** The word the routes compare with: {@code code}, {@code granted}, {@code pending}, … */
  String kind();

  /**
   * A device code was issued.
   *
   * @param deviceCode the secret to poll with; never null
   * @param userCode what the user types in, case-sensitive; never null
   * @param verificationUri where; never null
   * @param verificationUriComplete the same with the code filled in; null where the server has none
   * @param interval shortest pause between two polls
   * @param life how long the code lives, from the answer on
   */
  record Code(
      String deviceCode,
      String userCode,
      String verificationUri,
      String verificationUriComplete,
      Duration interval,
      Duration life)
      implements Answer {
    @Override
    public String kind() {
      return "code";
    }

    /** Shows neither of the two codes. */
    @Override
    public String toString() {
      return "Code[lives " + Lasting.text(life) + "]";
    }
  }

  /** Tokens, complete with what the answer left out and the previous ones had. */
  record Granted(TokenSet tokens) implements Answer {
    @Override
    public String kind() {
      return "granted";
    }
  }

  /** The user has not approved yet: keep polling. */
  record Pending() implements Answer {
    @Override
    public String kind() {
      return "pending";
    }
  }

  /** Poll less often: five seconds more between two polls. */
  record SlowDown() implements Answer {
    @Override
    public String kind() {
      return "slow-down";
    }
  }

  /** The code expired or was used up: a new login is needed. */
  record CodeDead(String why, String error) implements Answer {
    @Override
    public String kind() {
      return "code-dead";
    }
  }

  /** The server's gateway lost the code, through nobody's fault: ask for a new one. */
  record CodeBurnt(String why) implements Answer {
    @Override
    public String kind() {
      return "code-burnt";
    }
  }

  /** A definite no during a login. */
  record Refused(String why, String error) implements Answer {
    @Override
    public String kind() {
      return "refused";
    }
  }

  /** A definite no to the refresh token: only a new login helps. */
  record LoginRequired(String why, String error) implements Answer {
    @Override
    public String kind() {
      return "login-required";
    }
  }

  /** The client id is wrong or was deleted. */
  record Misconfigured(String why, String error) implements Answer {
    @Override
    public String kind() {
      return "misconfigured";
    }
  }

  /**
   * Trouble that passes: back off, keep everything.
   *
   * @param why the cause
   * @param retryAfter the pause the server asked for; zero where it asked for none
   * @param offline true where this machine has no network or no name service, which is nobody's
   *     failure and gets a steady pause
   */
  record Transient(String why, Duration retryAfter, boolean offline) implements Answer {
    @Override
    public String kind() {
      return "transient";
    }
  }
}
