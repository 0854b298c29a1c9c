// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Gives a session what it logs in with. Safe for use by many threads. */
public interface CredentialSource {

  /** Looks at what there is now; files may be read, nothing else is waited for. */
  Found look();

  /**
   * Asks for one renewal; must not block. Nothing where a person has to bring newer ones.
   *
   * @param reason in words
   */
  void renew(String reason);

  /**
   * What there is.
   *
   * @param credentials null where nothing can be used
   * @param unusable why, and what to do, in one sentence; null where something can be used, and
   *     where a login is what is missing
   */
  record Found(Credentials credentials, String unusable) {

    /** Something to log in with. */
    public static Found of(Credentials credentials) {
      return new Found(Objects.requireNonNull(credentials, "credentials"), null);
    }

    /** Nothing, for this reason. */
    public static Found unusable(String sentence) {
      return new Found(null, Objects.requireNonNull(sentence, "sentence"));
    }
  }

  /** Tokens that a login brings and the bridge renews. */
  static CredentialSource ofTokens(
      Supplier<Optional<Credentials>> tokens, Consumer<String> forceRefresh) {
    return new CredentialSource() {
      @Override
      public Found look() {
        return new Found(tokens.get().orElse(null), null);
      }

      @Override
      public void renew(String reason) {
        forceRefresh.accept(reason);
      }
    };
  }
}
