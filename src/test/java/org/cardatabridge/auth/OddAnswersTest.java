// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever a server sends, the table has an answer, and no refresh token dies of nonsense. */
class OddAnswersTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final TokenSet OLD =
      new TokenSet("client-1", null, "", null, null, "R0", NOW, NOW, null);
  private static final List<Question> QUESTIONS =
      List.of(
          Question.forCode("client-1", "openid"),
          Question.forTokens("client-1", "openid"),
          Question.forRenewal("client-1", "openid", OLD));

  @Property(tries = 300)
  void anyBytesAreAnsweredAndNeverKillARefreshToken(
      @ForAll byte[] body, @ForAll @IntRange(max = 999) int status, @ForAll String retryAfter) {
    for (Question question : QUESTIONS) {
      assertThat(AnswerTable.decide(question, status, retryAfter, body, NOW))
          .isInstanceOf(Answer.Transient.class);
    }
  }

  @Property(tries = 500)
  void anyJsonObjectIsAnswered(
      @ForAll("objects") Map<String, Object> object, @ForAll @IntRange(max = 999) int status)
      throws JsonProcessingException {
    byte[] body = new ObjectMapper().writeValueAsBytes(object);
    for (Question question : QUESTIONS) {
      Answer answer = AnswerTable.decide(question, status, null, body, NOW);
      assertThat(answer.kind()).isNotBlank();
      if (!(object.get("error") instanceof String error) || error.isBlank()) {
        assertThat(answer).isNotInstanceOf(Answer.LoginRequired.class);
      }
      if (answer instanceof Answer.Granted granted) {
        assertThat(granted.tokens().expiresAt()).isAfter(NOW);
      }
    }
  }

  @Property(tries = 300)
  void anyTextIsAnIdTokenOrNone(@ForAll String header, @ForAll String claims) {
    assertThat(IdToken.read(claims)).isNotNull();
    assertThat(IdToken.read(header + "." + claims + ".")).isNotNull();
    assertThat(IdToken.read(FakeLoginServer.jwt(claims))).isNotNull();
  }

  @Provide
  Arbitrary<Map<String, Object>> objects() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "error",
            "error_description",
            "fault",
            "user_code",
            "device_code",
            "verification_uri",
            "verification_uri_complete",
            "interval",
            "expires_in",
            "refresh_expires_in",
            "id_token",
            "access_token",
            "refresh_token",
            "gcid",
            "scope");
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            Arbitraries.strings().map(text -> (Object) text),
            Arbitraries.longs().map(number -> (Object) number),
            Arbitraries.doubles().map(number -> (Object) number),
            Arbitraries.of(
                (Object) true,
                "invalid_grant",
                "https://x.example/",
                List.of(),
                Map.of("detail", 1),
                FakeLoginServer.jwt("{\"exp\":9223372036854775807,\"iat\":-1}"),
                FakeLoginServer.jwt("{\"exp\":\"x\"}"),
                new String(new byte[] {(byte) 0xff, 0}, StandardCharsets.ISO_8859_1)));
    return Arbitraries.maps(keys, values).ofMaxSize(12);
  }
}
