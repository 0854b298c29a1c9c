// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.cardatabridge.journal.JournalSnapshot;
import org.junit.jupiter.api.Test;

class JournalStatusTest {

  private static final JournalSnapshot EMPTY = new JournalSnapshot(0, 0, null, 0, 0, 0, 0);

  @Test
  void aJournalInTroubleIsDownAndSaysWhy() {
    assertThat(Answer.text(JournalStatus.of(EMPTY, Optional.of("the disk is full"))))
        .contains("\"state\":\"down\",\"lastError\":\"the disk is full\"");
  }

  @Test
  void aJournalThatWorksIsUpWithoutAnError() {
    assertThat(Answer.text(JournalStatus.of(EMPTY, Optional.empty())))
        .contains("\"state\":\"up\"")
        .doesNotContain("lastError");
  }
}
