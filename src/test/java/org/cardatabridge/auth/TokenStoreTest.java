// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.auth.WorseDisk.Fault;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenStoreTest {

  private static final String LEGACY =
      """
      {"refresh_token":{"token":"R-old-bridge","expires_at":"2020-12-04T10:15:30.123456"},
       "gcid":"gcid-1","scope":"openid cardata:api:read"}""";

  @TempDir Path dir;
  private final WorseDisk disk = new WorseDisk();
  private final SetClock clock = new SetClock(TokenFileTest.NOW);

  private TokenStore store(Path... older) {
    return new TokenStore(
        "main",
        Settings.of(AuthBench.settings(dir.resolve("data"), "https://x.example")),
        clock,
        List.of(older),
        disk);
  }

  @Test
  void theNextStartFindsWhatWasSaved() {
    store().save(TokenFileTest.tokens(1));

    assertThat(store().current()).contains(TokenFileTest.tokens(1));
  }

  @Test
  void newTokensAreOnDiskBeforeAnybodyHearsOfThem() {
    TokenStore store = store();
    List<String> onDisk = new ArrayList<>();
    store.onChange(
        tokens -> {
          onDisk.add(store().current().orElseThrow().refreshToken());
          assertThat(store.current()).contains(tokens);
        });

    store.save(TokenFileTest.tokens(1));
    store.save(TokenFileTest.tokens(2));

    assertThat(onDisk).containsExactly("R1", "R2");
  }

  @Test
  void aListenerThatFailsDoesNotKeepOthersFromHearing() {
    TokenStore store = store();
    List<TokenSet> heard = new ArrayList<>();
    store.onChange(
        tokens -> {
          throw new IllegalStateException("broken listener");
        });
    store.onChange(heard::add);

    store.save(TokenFileTest.tokens(1));

    assertThat(heard).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FULL", "READ_ONLY"})
  void tokensThatCannotBeWrittenStayInMemoryUntilTheyCan(String fault) {
    TokenStore store = store();
    store.save(TokenFileTest.tokens(1));
    disk.fault = Fault.valueOf(fault);

    store.save(TokenFileTest.tokens(2));
    store.retry();

    assertThat(store.current()).contains(TokenFileTest.tokens(2));
    assertThat(store.problem().orElseThrow())
        .contains("tokens.json", "make room or make it writable")
        .doesNotContain("R2");
    assertThat(store.unwritable()).isPresent();
    assertThat(store().current()).contains(TokenFileTest.tokens(1));

    disk.fault = Fault.NONE;
    store.retry();

    assertThat(store.problem()).isEmpty();
    assertThat(store().current()).contains(TokenFileTest.tokens(2));
  }

  @Test
  void tokensOfAnotherClientIdAreNotUsedAndNotDeleted() throws IOException {
    store().save(TokenFileTest.tokens(1));
    Path file = dir.resolve("data/tokens.json");
    Files.writeString(file, Files.readString(file).replace("client-1", "client-0"));

    assertThat(store().current()).isEmpty();
    assertThat(file).content().contains("R1");
  }

  @Test
  void takesOverTheLoginOfThePythonBridgeOnce() throws IOException {
    Path legacy = Files.writeString(dir.resolve("bmw_tokens.json"), LEGACY);

    TokenSet tokens = store(dir.resolve("missing.json"), legacy).current().orElseThrow();

    assertThat(tokens.refreshToken()).isEqualTo("R-old-bridge");
    assertThat(tokens.gcid()).isEqualTo("gcid-1");
    assertThat(tokens.clientId()).isEqualTo("client-1");
    assertThat(tokens.idToken()).isNull();
    assertThat(tokens.expiresAt()).isEqualTo(TokenFileTest.NOW);
    assertThat(legacy).hasContent(LEGACY);

    TokenStore next = store(legacy);
    next.save(TokenFileTest.tokens(2));
    assertThat(store(legacy).current()).contains(TokenFileTest.tokens(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "nonsense", "{\"refresh_token\":null}", "{\"refresh_token\":{}}"})
  void anEmptyOrOddLegacyFileIsNoLogin(String content) throws IOException {
    Path legacy = Files.writeString(dir.resolve("bmw_tokens.json"), content);

    assertThat(store(legacy).current()).isEmpty();
  }

  @Test
  void nothingItSaysOfItselfIsSecret() {
    TokenStore store = store();
    store.save(TokenFileTest.tokens(1));

    assertThat(store + " " + store.current().orElseThrow())
        .doesNotContain("R1", "A1", "I1", "gcid-1", "client-1");
  }
}
