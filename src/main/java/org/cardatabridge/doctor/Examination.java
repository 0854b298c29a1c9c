// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all checks found. Immutable.
 *
 * @param at when it began
 * @param results in the order they were made
 */
public record Examination(Instant at, List<Result> results) {

  /** Copies the list. */
  public Examination {
    results = List.copyOf(results);
  }

  /**
   * A check and what it found.
   *
   * @param id of the check
   * @param title key of its title
   * @param subject what the title names; empty for nothing
   * @param account the account it is about; empty where there is only one
   * @param finding what it found
   */
  public record Result(String id, String title, String subject, String account, Finding finding) {

    /** The title in words. */
    public String title(Words words) {
      String text = words.say(title + ".title", Map.of("subject", subject));
      return account.isEmpty() ? text : text + " (" + account + ")";
    }

    /** The sentence. */
    public String text(Words words) {
      return words.say(finding.words(), finding.values());
    }

    /** What is to be done; null for nothing. */
    public String action(Words words) {
      return words.find(finding.words() + ".do", finding.values()).orElse(null);
    }
  }

  /** Whether nothing has failed. */
  public boolean ok() {
    return count(Verdict.FAILED) == 0;
  }

  /** How many checks ended like that. */
  public long count(Verdict verdict) {
    return results.stream().filter(r -> r.finding().verdict() == verdict).count();
  }

  /** As {@code POST /api/doctor} answers it. */
  public Map<String, Object> json(Words words) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", at.toString());
    json.put("ok", ok());
    json.put("checks", results.stream().map(result -> json(result, words)).toList());
    return json;
  }

  private static Map<String, Object> json(Result result, Words words) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", result.id());
    json.put("title", result.title(words));
    json.put("verdict", result.finding().verdict().word());
    json.put("text", result.text(words));
    String action = result.action(words);
    if (action != null) {
      json.put("action", action);
    }
    return json;
  }
}
