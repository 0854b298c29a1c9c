// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes a rule's finding to what is said of it: remembers, and puts it into words. Safe for use by
 * many threads.
 */
final class Rulebook {

  private final NotifySettings settings;
  private final Memory memory;
  private final Outbox outbox;
  private final Wording wording;
  private final Clock clock;

  Rulebook(NotifySettings settings, Memory memory, Outbox outbox, Wording wording, Clock clock) {
    this.settings = settings;
    this.memory = memory;
    this.outbox = outbox;
    this.wording = wording;
    this.clock = clock;
  }

  NotifySettings settings() {
    return settings;
  }

  Wording wording() {
    return wording;
  }

  Instant now() {
    return clock.instant();
  }

  /** What a rule remembers of a subject; null for nothing. */
  Episode episode(String rule, String subject) {
    return memory.episode(key(rule, subject));
  }

  /** Keeps over a restart what rules remember. */
  void save() {
    memory.save();
  }

  /**
   * What is looked at, and how it is called.
   *
   * @param source who sends the account's data, in words
   */
  record About(
      Noted noted, String subject, String origin, String name, String source, String link) {}

  /** Applies a rule that waits as long as its setting {@code .after} says, where it has one. */
  synchronized void apply(String rule, About about, Function<Episode, Finding> look) {
    if (!settings.isOn(rule)) {
      return;
    }
    Instant now = now();
    Duration after = settings.duration(rule + ".after");
    Episode before = episode(rule, about.subject());
    Finding finding = look.apply(before);
    Step step = Step.of(before, finding, after, settings.maxAge(), now);
    take(rule, about, before, step, finding, now);
  }

  /**
   * Applies a rule that decides by itself what follows.
   *
   * @param variant which of its sentences says it; empty for the plain one
   */
  synchronized void applyStep(
      String rule, About about, String variant, Function<Episode, Step> look) {
    if (!settings.isOn(rule)) {
      return;
    }
    Instant now = now();
    Episode before = episode(rule, about.subject());
    Step step = look.apply(before);
    take(rule, about, before, step, Finding.Holds.since(now, now, Map.of()).saidAs(variant), now);
  }

  private void take(
      String rule, About about, Episode before, Step step, Finding finding, Instant now) {
    memory.remember(key(rule, about.subject()), step.after());
    if (step.says() && finding instanceof Finding.Holds holds) {
      Map<String, Object> words = new HashMap<>(holds.words());
      words.put("for", Duration.between(step.after().since(), now));
      String variant = holds.variant().isEmpty() ? "" : "." + holds.variant();
      String id = key(rule, about.subject()) + "|" + step.after().since();
      String link = holds.words().get("address") instanceof String a ? a : about.link();
      Notice.Later later =
          holds.validUntil() == null
              ? null
              : sentence(rule, about, words, now)
                  .map(text -> new Notice.Later(holds.validUntil(), text, about.link()))
                  .orElse(null);
      say(rule + variant, rule, id, link, about, words, now, later);
    }
    // What is over before it was sent is not worth a word, nor is its end.
    String begun = before == null ? null : key(rule, about.subject()) + "|" + before.since();
    if (step.ends() && !outbox.withdraw(rule, about.subject(), begun)) {
      say(rule + ".over", rule, begun + Outbox.OVER, about.link(), about, Map.of(), now, null);
    }
  }

  /** Says a text about a new value, once for each value, unless it is old. */
  void say(String rule, Look look, String origin, String text) {
    Instant now = now();
    boolean isNews =
        look.event() != null && !look.event().timestamp().isBefore(now.minus(settings.maxAge()));
    if (isNews && settings.isOn(rule) && !text.isBlank()) {
      look.add(
          new Notice(
              rule + "|" + origin,
              rule,
              look.vin(),
              origin,
              look.vehicle(),
              text,
              null,
              settings.isUrgent(rule),
              now,
              null));
    }
  }

  private void say(
      String sentence,
      String rule,
      String id,
      String link,
      About about,
      Map<String, Object> words,
      Instant now,
      Notice.Later later) {
    sentence(sentence, about, words, now)
        .ifPresent(
            text ->
                about
                    .noted()
                    .add(
                        new Notice(
                            id,
                            rule,
                            about.subject(),
                            about.origin(),
                            about.name(),
                            text,
                            link,
                            settings.isUrgent(rule),
                            now,
                            later)));
  }

  private Optional<String> sentence(
      String sentence, About about, Map<String, Object> words, Instant now) {
    Map<String, Object> all = new HashMap<>(words);
    all.putIfAbsent("page", page(now));
    all.putIfAbsent("source", about.source());
    all.putIfAbsent("account", account(about, now));
    return wording.sentence(sentence, all, now);
  }

  private String page(Instant now) {
    return settings
        .pageUrl()
        .flatMap(url -> wording.sentence("page", Map.of("url", url), now))
        .map(text -> " " + text)
        .orElse("");
  }

  private String account(About about, Instant now) {
    return settings.hasSeveralAccounts()
        ? wording
            .sentence("account", Map.of("name", about.subject()), now)
            .map(t -> " " + t)
            .orElse("")
        : "";
  }

  private static String key(String rule, String subject) {
    return rule + "|" + subject;
  }
}
