// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateStatusTest {

  private static final String SENTENCE =
      "Reading the client key /home/me/my files/a.key: the key does not fit the certificate"
          + " /home/me/my files/a — take both files from the same download";

  private static AccountStatus account() {
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    return AccountStatus.ofCertificate(
        "fleet",
        new CertificateStatus(
            "unusable",
            null,
            SENTENCE,
            List.of("/home/me/my files/a", "/home/me/my files/a.key", "/home/me/ca")),
        new StreamStatus(
            "refused", now, null, 0, 0, new StreamStatus.Reason(null, SENTENCE, now), null, null));
  }

  @Test
  void thePathsOfItsFilesStayOnThisMachine() {
    JsonNode told = Answer.tree(account().withoutCodesAndUrls());

    String left =
        "Reading the client key: the key does not fit the certificate — take both files from the"
            + " same download";
    assertThat(told.path("certificate").path("text").asText()).isEqualTo(left);
    assertThat(told.path("stream").path("lastReason").path("text").asText()).isEqualTo(left);
    assertThat(told.toString()).doesNotContain("/home/me");
  }

  @Test
  void theLocalApiTellsThemInSentencesAlone() {
    JsonNode told = Answer.tree(account());

    assertThat(told.path("certificate").path("text").asText()).isEqualTo(SENTENCE);
    assertThat(told.path("certificate").has("paths")).isFalse();
  }
}
