// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.cardatabridge.settings.PageSetting;
import org.cardatabridge.settings.PageSettings;
import org.cardatabridge.settings.SettingRefusedException;

/**
 * The answers of {@code /api/settings}: the steps of {@code routes/web-settings.camel.yaml}. Safe
 * for use by many threads.
 */
public final class SettingsApi {

  private static final int LARGEST = 64 * 1024;
  private static final int MOST = 200;
  private static final String NOT_JSON =
      "the body is no JSON object of settings and texts, such as"
          + " {\"cardata.sink.homeassistant.enabled\":\"true\"}";

  private final PageSettings settings;
  private final Supplier<? extends Collection<String>> vins;
  private final Optional<Renewal> renewal;

  /**
   * For these settings.
   *
   * @param vins the cars heard of
   * @param renewal lets settings take effect at once; empty where a restart of the program does
   */
  public SettingsApi(
      PageSettings settings,
      Supplier<? extends Collection<String>> vins,
      Optional<Renewal> renewal) {
    this.settings = settings;
    this.vins = vins;
    this.renewal = renewal;
  }

  /** Made when the first change comes. */
  private static final class Reader {
    private static final ObjectMapper JSON =
        JsonMapper.builder(
                JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(10).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  /** The body of {@code GET /api/settings}. */
  record Shown(List<PageSetting> settings, String effect, String problem) {}

  /** The body of an answer to {@code POST /api/settings}. */
  record Done(List<String> saved, String effect, @JsonProperty("do") String next) {}

  /** What was wrong. */
  record Refused(String error, String setting) {}

  /** {@code GET /api/settings}. */
  public Answer settings() {
    return Answer.json(
        200,
        new Shown(
            settings.list(vins.get()), effect(), renewal.flatMap(Renewal::problem).orElse(null)));
  }

  /**
   * The changes that a body asks for.
   *
   * @return the new text of each key; null takes it out
   */
  public Map<String, String> changes(@Body byte[] body) throws SettingRefusedException {
    if (body != null && body.length > LARGEST) {
      throw new SettingRefusedException(null, "a body is limited to 64 KB");
    }
    JsonNode json = null;
    try {
      json = body == null ? null : Reader.JSON.readTree(body);
    } catch (IOException e) {
      // Its message may quote a secret.
      throw new SettingRefusedException(null, NOT_JSON);
    }
    if (json == null || !json.isObject() || json.isEmpty()) {
      throw new SettingRefusedException(null, NOT_JSON);
    }
    if (json.size() > MOST) {
      throw new SettingRefusedException(null, "at most " + MOST + " settings at once");
    }
    Map<String, String> changes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      JsonNode value = entry.getValue();
      if (value.isContainerNode()) {
        throw new SettingRefusedException(null, NOT_JSON);
      }
      changes.put(entry.getKey(), value.isNull() ? null : value.asText());
    }
    return changes;
  }

  /** Writes the changes down, unless many were made just before. */
  public PageSettings.Saved save(@Body Map<String, String> changes) throws SettingRefusedException {
    Duration left = renewal.map(Renewal::left).orElse(Duration.ZERO);
    if (!left.isZero()) {
      throw SettingRefusedException.tooSoon(
          "settings were changed many times within minutes, and each time the bridge starts anew"
              + " — save this again in "
              + Brake.seconds(left)
              + " s; nothing was changed");
    }
    return settings.save(changes);
  }

  /** Lets them take effect, where that can be done here. */
  public Answer takeEffect(@Body PageSettings.Saved saved) {
    if (saved.differs()) {
      renewal.ifPresent(r -> r.ask(saved.undo()));
    }
    return Answer.json(
        200,
        new Done(
            saved.keys(),
            effect(),
            renewal.isPresent()
                ? null
                : "restart the program that runs the bridge: it reads settings when it starts"));
  }

  /** The answer where nothing was changed. */
  public Answer refused(@ExchangeException SettingRefusedException refusal) {
    return Answer.json(
        refusal.isTooSoon() ? 429 : refusal.isOurs() ? 503 : 400,
        new Refused(refusal.getMessage(), refusal.setting()));
  }

  private String effect() {
    return renewal.isPresent() ? "now" : "restart";
  }
}
