// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Makes few messages of many notices. Immutable. */
final class Messages {

  /** Below what any channel takes: Telegram 4096 characters, ntfy 4096 bytes. */
  static final int LONGEST_BYTES = 3000;

  private static final Duration LATE = Duration.ofMinutes(5);

  private final Wording wording;

  Messages(Wording wording) {
    this.wording = wording;
  }

  /**
   * Messages that no channel finds too long; what is to go alone goes alone.
   *
   * @param run which look at the outbox it is
   */
  List<Message> of(String channel, List<Pending> pending, Instant now, long run) {
    List<Message> all = new ArrayList<>();
    List<Notice> group = new ArrayList<>();
    int bytes = 0;
    for (Pending next : pending) {
      int more = line(next.notice(), true, now).getBytes(StandardCharsets.UTF_8).length + 4;
      if (!group.isEmpty() && (next.alone() || bytes + more > LONGEST_BYTES)) {
        all.add(message(channel, group, now, run));
        group.clear();
        bytes = 0;
      }
      group.add(next.notice());
      bytes += next.alone() ? LONGEST_BYTES : more;
    }
    if (!group.isEmpty()) {
      all.add(message(channel, group, now, run));
    }
    return all;
  }

  private Message message(String channel, List<Notice> notices, Instant now, long run) {
    List<String> about = notices.stream().map(Notice::about).distinct().toList();
    boolean isOfOne = about.size() == 1;
    String bullet = notices.size() == 1 ? "" : "• ";
    String text =
        notices.stream()
            .map(notice -> bullet + line(notice, !isOfOne, now))
            .collect(Collectors.joining("\n"));
    String link =
        notices.stream().map(Notice::link).filter(Objects::nonNull).findFirst().orElse(null);
    return new Message(
        channel,
        notices,
        isOfOne ? about.get(0) : wording.word("bridge"),
        text,
        link,
        notices.stream().anyMatch(Notice::urgent),
        run);
  }

  /** The text, with its time where that was a while ago. */
  private String line(Notice notice, boolean named, Instant now) {
    boolean isLate = notice.at().isBefore(now.minus(LATE));
    String text = cut(notice.text());
    return (isLate ? "[" + wording.moment(notice.at(), now) + "] " : "")
        + (named ? notice.about() + ": " : "")
        + text;
  }

  /** A text that alone would be too long ends in an ellipsis. */
  private static String cut(String text) {
    int most = LONGEST_BYTES / 4;
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most)) + "…";
  }
}
