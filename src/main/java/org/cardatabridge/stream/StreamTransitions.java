// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.cardatabridge.stream.StreamState.BACKING_OFF;
import static org.cardatabridge.stream.StreamState.CONNECTING;
import static org.cardatabridge.stream.StreamState.LIVE;
import static org.cardatabridge.stream.StreamState.LOGIN_REQUIRED;
import static org.cardatabridge.stream.StreamState.QUIET;
import static org.cardatabridge.stream.StreamState.QUOTA;
import static org.cardatabridge.stream.StreamState.REFUSED;
import static org.cardatabridge.stream.StreamState.STOPPED;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Every arrow of the session's state diagram. {@link StreamMachine} moves along these and no other,
 * and the diagram in docs/stream.md is {@link #diagram()}.
 */
final class StreamTransitions {

  /** What makes the session change its state. */
  enum Trigger {
    START("started with tokens"),
    START_WITHOUT_LOGIN("started without tokens"),
    STOP("stopped"),
    LOGIN_REQUIRED("login required"),
    UNUSABLE("certificate cannot be used"),
    TOKENS("new tokens or certificate"),
    TOKEN_EXPIRED("id token has expired, none newer yet"),
    SUBSCRIBED("SUBACK granted"),
    SUBSCRIBED_SILENT("SUBACK granted, car still silent"),
    MESSAGE("message"),
    SILENCE("no message for quiet-after"),
    CYCLE("orderly cycle"),
    DUE("pause is over"),
    STALLED("watchdog: rebuild"),
    LOST("connection lost or attempt failed"),
    GOODBYE_REFUSED("refused within 10 s of our own DISCONNECT"),
    AUTH_REFUSED("credentials refused"),
    QUOTA_EXCEEDED("quota exceeded"),
    HALTED("journal cannot keep messages"),
    RESUMED("journal works again");

    private final String words;

    Trigger(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** One arrow. */
  record Arrow(StreamState from, Trigger trigger, StreamState to) {}

  private static final Set<StreamState> SUBSCRIBED_STATES = EnumSet.of(LIVE, QUIET);
  private static final Set<StreamState> WAITING = EnumSet.of(BACKING_OFF, REFUSED, QUOTA);
  private static final Set<StreamState> CONNECTED = EnumSet.of(CONNECTING, LIVE, QUIET);

  static final List<Arrow> TABLE = table();

  private StreamTransitions() {}

  private static List<Arrow> table() {
    List<Arrow> t = new ArrayList<>();
    t.add(new Arrow(STOPPED, Trigger.START, CONNECTING));
    t.add(new Arrow(STOPPED, Trigger.START_WITHOUT_LOGIN, LOGIN_REQUIRED));
    t.add(new Arrow(STOPPED, Trigger.TOKEN_EXPIRED, BACKING_OFF));
    t.add(new Arrow(LOGIN_REQUIRED, Trigger.TOKENS, CONNECTING));
    t.add(new Arrow(LOGIN_REQUIRED, Trigger.TOKEN_EXPIRED, BACKING_OFF));
    t.add(new Arrow(CONNECTING, Trigger.SUBSCRIBED, LIVE));
    t.add(new Arrow(CONNECTING, Trigger.SUBSCRIBED_SILENT, QUIET));
    t.add(new Arrow(LIVE, Trigger.SILENCE, QUIET));
    t.add(new Arrow(QUIET, Trigger.MESSAGE, LIVE));
    t.add(new Arrow(STOPPED, Trigger.UNUSABLE, REFUSED));
    for (StreamState s : SUBSCRIBED_STATES) {
      t.add(new Arrow(s, Trigger.CYCLE, CONNECTING));
      t.add(new Arrow(s, Trigger.TOKEN_EXPIRED, BACKING_OFF));
    }
    for (StreamState s : CONNECTED) {
      t.add(new Arrow(s, Trigger.LOST, BACKING_OFF));
      t.add(new Arrow(s, Trigger.AUTH_REFUSED, REFUSED));
      t.add(new Arrow(s, Trigger.QUOTA_EXCEEDED, QUOTA));
      t.add(new Arrow(s, Trigger.LOGIN_REQUIRED, LOGIN_REQUIRED));
      t.add(new Arrow(s, Trigger.UNUSABLE, REFUSED));
      t.add(new Arrow(s, Trigger.STALLED, CONNECTING));
    }
    t.add(new Arrow(CONNECTING, Trigger.GOODBYE_REFUSED, BACKING_OFF));
    t.add(new Arrow(CONNECTING, Trigger.TOKEN_EXPIRED, BACKING_OFF));
    t.add(new Arrow(CONNECTING, Trigger.TOKENS, CONNECTING));
    for (StreamState s : WAITING) {
      t.add(new Arrow(s, Trigger.DUE, CONNECTING));
      t.add(new Arrow(s, Trigger.STALLED, CONNECTING));
      t.add(new Arrow(s, Trigger.LOGIN_REQUIRED, LOGIN_REQUIRED));
      t.add(new Arrow(s, Trigger.UNUSABLE, REFUSED));
      t.add(new Arrow(s, Trigger.TOKEN_EXPIRED, BACKING_OFF));
    }
    t.add(new Arrow(BACKING_OFF, Trigger.TOKENS, CONNECTING));
    t.add(new Arrow(BACKING_OFF, Trigger.CYCLE, CONNECTING));
    t.add(new Arrow(BACKING_OFF, Trigger.RESUMED, CONNECTING));
    t.add(new Arrow(REFUSED, Trigger.TOKENS, CONNECTING));
    for (StreamState s : StreamState.values()) {
      t.add(new Arrow(s, Trigger.HALTED, BACKING_OFF));
    }
    for (StreamState s : StreamState.values()) {
      if (s != STOPPED) {
        t.add(new Arrow(s, Trigger.STOP, STOPPED));
      }
    }
    return List.copyOf(t);
  }

  /** Where a trigger leads. Throws IllegalStateException where the table has no such arrow. */
  static StreamState next(StreamState from, Trigger trigger) {
    for (Arrow arrow : TABLE) {
      if (arrow.from() == from && arrow.trigger() == trigger) {
        return arrow.to();
      }
    }
    throw new IllegalStateException(
        "Moving the stream session: no arrow leads from "
            + from.text()
            + " on \""
            + trigger.words()
            + "\" — please report this as a bug");
  }

  /** The table as a Mermaid state diagram, arrows between the same two states on one line. */
  static String diagram() {
    StringBuilder out = new StringBuilder("stateDiagram-v2\n  [*] --> stopped\n");
    for (StreamState from : StreamState.values()) {
      for (StreamState to : StreamState.values()) {
        List<String> words =
            TABLE.stream()
                .filter(a -> a.from() == from && a.to() == to)
                .map(a -> a.trigger().words())
                .toList();
        if (!words.isEmpty()) {
          out.append("  ").append(id(from)).append(" --> ").append(id(to)).append(" : ");
          out.append(String.join("; ", words).replace(": ", " ")).append('\n');
        }
      }
    }
    return out.toString();
  }

  private static String id(StreamState state) {
    return state.text().replace('-', '_');
  }
}
