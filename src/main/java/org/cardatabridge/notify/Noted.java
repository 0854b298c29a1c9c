// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.util.ArrayList;
import java.util.List;

/** What rules look at, and what they have to say of it. Used by one thread at a time. */
abstract sealed class Noted permits Look, AccountLook {

  private final List<Notice> notices = new ArrayList<>();

  void add(Notice notice) {
    notices.add(notice);
  }

  /** What the rules have to say. */
  public List<Notice> notices() {
    return List.copyOf(notices);
  }
}
