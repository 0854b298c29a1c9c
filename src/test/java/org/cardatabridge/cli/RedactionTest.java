// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RedactionTest {

  private final Redaction redaction = new Redaction();

  @Test
  void aHiddenValueIsMaskedWhereverItStands() {
    redaction.hide("s3cret");
    assertThat(redaction.apply("s3cret as3cretb s3crets3cret s3cre"))
        .isEqualTo("*** a***b ****** s3cre");
  }

  @Test
  void aVinKeepsItsLastFourCharacters() {
    redaction.hideVin("WBY00TEST00000001");
    assertThat(redaction.apply("bmw/WBY00TEST00000001/x")).isEqualTo("bmw/…0001/x");
  }

  @Test
  void whatLooksLikeATokenIsMaskedWithoutBeingKnown() {
    assertThat(redaction.apply("Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-bmF_0 refused"))
        .isEqualTo("Bearer *** refused");
    assertThat(redaction.apply("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx")).isEqualTo("***");
    assertThat(redaction.apply("heyJude. eyJ eyJa.b")).isEqualTo("heyJude. eyJ eyJa.b");
  }

  @Test
  void theLongerOfTwoValuesThatBeginAlikeIsMaskedWhole() {
    redaction.hide("refresh");
    redaction.hide("refresh-token-2");
    assertThat(redaction.apply("refresh-token-2")).isEqualTo("***");
  }

  @Test
  void aTextWithoutSecretsStaysTheSameObject() {
    redaction.hide("s3cret");
    String text = "nothing to see";
    assertThat(redaction.apply(text)).isSameAs(text);
    assertThat(redaction.apply(null)).isNull();
    assertThat(redaction.apply("")).isEmpty();
  }

  @Test
  void shortWordsAreNotHidden() {
    redaction.hide("mqtt");
    redaction.hideForGood(null);
    assertThat(redaction.apply("mqtt")).isEqualTo("mqtt");
  }

  @Test
  void onlyTheLatestValuesAreKeptButThoseForGoodStay() {
    redaction.hideForGood("password");
    redaction.hide("token-first");
    redaction.hide("token-again");
    for (int i = 0; i < Redaction.MOST; i++) {
      redaction.hide("token-" + (1000 + i));
      redaction.hide("token-again");
    }
    assertThat(redaction.apply("password token-again token-1255")).isEqualTo("*** *** ***");
    assertThat(redaction.apply("token-first")).isEqualTo("token-first");
    assertThat(redaction).hasToString("Redaction[257]");
  }

  @Property(tries = 300)
  void noHiddenValueEverPasses(
      @ForAll @Size(min = 1, max = 20)
          List<@CharRange(from = 'a', to = 'c') @StringLength(min = 6, max = 9) String> secrets,
      @ForAll @AlphaChars @StringLength(max = 20) String before) {
    Redaction several = new Redaction();
    secrets.forEach(several::hide);
    String text = before + String.join(".", secrets) + before;
    assertThat(secrets).noneMatch(several.apply(text)::contains);
  }
}
