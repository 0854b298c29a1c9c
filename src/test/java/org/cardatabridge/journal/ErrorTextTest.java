// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invoking https://me:hunter2secret@host/x failed",
        "invoking https://host/x?token=hunter2secret with statusCode: 500",
        "password=hunter2secret is wrong",
        "{\"access_token\":\"hunter2secret\"}",
        "Authorization: Bearer hunter2secret",
        "api-key: hunter2secret",
        "bearer hunter2secret refused",
        "jwt eyJhbGciOiJSUzI1NiJ9-hunter2secret-eyJzdWIiOiIxIn0",
      })
  void secretsNeverShow(String message) {
    assertThat(ErrorText.of(new IOException(message))).doesNotContain("hunter2secret");
  }

  @Test
  void vinsGcidsAndPositionsNeverShow() {
    assertThat(
            ErrorText.of(
                new IOException(
                    "car WBY00TEST00000001 of 0a1b2c3d-1111-2222-3333-444455556666 at 48.137154,"
                        + " -11.576124")))
        .isEqualTo("IOException: car …0001 of … at …, …");
  }

  @Test
  void aPositionWithThreeDecimalsDoesNotShowEither() {
    assertThat(ErrorText.of(new IOException("vehicle at 48.137,-11.575 is not allowed")))
        .isEqualTo("IOException: vehicle at …,… is not allowed");
  }

  @Test
  void aSentenceOfOursStandsWithoutTheNameOfAClass() {
    assertThat(
            ErrorText.of(new EventRefusedException("writing for w@x://me:pw@host/: no — do that")))
        .isEqualTo("writing for w@x://…@host/: no — do that");
    assertThat(ErrorText.of(new java.net.UnknownHostException("nas")))
        .isEqualTo("no address is known for the host name nas");
  }

  @Test
  void anErrorThatCamelWrappedIsNamed() {
    assertThat(
            ErrorText.of(
                new CamelExecutionException(
                    "Exception occurred", null, new NoClassDefFoundError("org/example/Driver"))))
        .isEqualTo("NoClassDefFoundError: org/example/Driver");
  }

  @Test
  void theCauseStaysReadableInOneShortLine() {
    assertThat(ErrorText.of(new IOException("Connection refused: localhost:1883\nsecond line")))
        .isEqualTo("IOException: Connection refused: localhost:1883");
    assertThat(ErrorText.of(new IOException())).isEqualTo("IOException");
    assertThat(ErrorText.of(new IOException("ab ".repeat(1_000)))).hasSizeLessThan(400);
  }
}
