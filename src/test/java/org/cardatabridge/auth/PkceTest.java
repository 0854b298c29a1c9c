// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PkceTest {

  @Test
  void theChallengeIsThatOfTheExampleInRfc7636() {
    assertThat(new Pkce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").challenge())
        .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  }

  @Test
  void aVerifierHas43CharactersOfTheUrlAlphabetAndIsNewEachTime() {
    SecureRandom random = new SecureRandom();
    Pkce one = Pkce.random(random);

    assertThat(one.verifier()).matches("[A-Za-z0-9_-]{43}");
    assertThat(one).isNotEqualTo(Pkce.random(random));
    assertThat(one.toString()).doesNotContain(one.verifier());
  }
}
