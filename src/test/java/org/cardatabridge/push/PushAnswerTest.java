// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.Map;
import org.cardatabridge.journal.EventRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushAnswerTest {

  private final PushAnswer answer = new PushAnswer("Writing", "check it", true, Clock.systemUTC());

  private String shown(String reason) throws Exception {
    byte[] body = new ObjectMapper().writeValueAsBytes(Map.of("error", reason));
    Throwable thrown = catchThrowable(() -> answer.check(400, null, body));
    assertThat(thrown).isInstanceOf(EventRefusedException.class);
    return thrown.getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unable to parse 'cardata,vehicle=Bob's car,key=latitude value=48.137': bad",
        "invalid tag 'Bob's car', key latitude, value=48.137",
        "error parsing line: cardata,vehicle=ix value=48.137 1769860800000000",
        "near \"Bob's car\" latitude value=48.137",
        "field latitude value 48.137 is out of range",
        "not a number: 48,137",
        "bad object {latitude: 48.137}",
      })
  void whatWasSentDoesNotShow(String reason) throws Exception {
    assertThat(shown(reason))
        .startsWith("Writing: it answers 400 (")
        .doesNotContain("48.1", "48,1", "137", "Bob");
  }

  @Test
  void whatADatabaseSaysOftenStaysReadable() throws Exception {
    assertThat(shown("partial write: points beyond retention policy dropped=1"))
        .contains("points beyond retention policy");
    assertThat(shown("partial write: field type conflict: input field \"value\" is type float"))
        .contains("field type conflict");
  }
}
