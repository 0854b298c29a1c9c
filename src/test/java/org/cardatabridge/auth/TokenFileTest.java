// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.cardatabridge.auth.WorseDisk.Fault;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {

  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path dir;
  private final WorseDisk disk = new WorseDisk();

  static TokenSet tokens(int generation) {
    return new TokenSet(
        "client-1",
        "gcid-1",
        "openid",
        "A" + generation,
        "I" + generation,
        "R" + generation,
        NOW.plusSeconds(generation),
        NOW.plusSeconds(3600 + generation),
        NOW.plusSeconds(1_209_600));
  }

  private Path path() {
    return dir.resolve("tokens.json");
  }

  private TokenFile file() {
    return new TokenFile(path(), disk);
  }

  private TokenFile written(int... generations) throws IOException {
    TokenFile file = file();
    for (int generation : generations) {
      file.write(tokens(generation));
    }
    return file;
  }

  @Test
  void theAccountMainHasItsFileInTheDataDirectoryAndOthersBelowAccounts() {
    assertThat(TokenFile.of(dir, "main")).isEqualTo(dir.resolve("tokens.json"));
    assertThat(TokenFile.of(dir, "wife")).isEqualTo(dir.resolve("accounts/wife/tokens.json"));
  }

  @Test
  void writesTheKeysOfTheContract() throws IOException {
    written(1);

    JsonNode json = new ObjectMapper().readTree(path().toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "version",
            "client_id",
            "gcid",
            "scope",
            "access_token",
            "id_token",
            "refresh_token",
            "obtained_at",
            "expires_at",
            "refresh_expires_at");
    assertThat(json.path("expires_at").asText()).isEqualTo("2026-11-21T11:00:01Z");
  }

  @Test
  void readsWhatItWrote() throws IOException {
    written(1);

    assertThat(file().read()).contains(tokens(1));
  }

  @Test
  void keepsThePreviousFileAsBackup() throws IOException {
    written(1, 2);

    assertThat(path()).content().contains("\"R2\"");
    assertThat(dir.resolve("tokens.json.bak")).content().contains("\"R1\"");
  }

  @Test
  void onlyTheOwnerMayReadEitherFile() throws IOException {
    written(1);
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
    file().write(tokens(2));

    for (String name : new String[] {"tokens.json", "tokens.json.bak"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void leavesNoOtherFilesBehind() throws IOException {
    TokenFile file = written(1, 2);
    file.prove();

    try (Stream<Path> names = Files.list(dir)) {
      assertThat(names.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("tokens.json", "tokens.json.bak");
    }
  }

  @Test
  void keysOfANewerVersionSurvive() throws IOException {
    written(1);
    ObjectMapper json = new ObjectMapper();
    ObjectNode newer = (ObjectNode) json.readTree(path().toFile());
    newer.put("colour", "blue");
    json.writeValue(path().toFile(), newer);

    TokenFile file = file();
    file.read();
    file.write(tokens(2));

    assertThat(json.readTree(path().toFile()).path("colour").asText()).isEqualTo("blue");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "{\"refresh_token\":\"R", "\u0000\u0000", "[1]", "{\"version\":1}"})
  void aDamagedFileFallsBackToItsBackupAndDoesNotReplaceIt(String damage) throws IOException {
    written(1, 2);
    Files.writeString(path(), damage);

    TokenFile file = file();
    assertThat(file.read()).contains(tokens(1));
    file.write(tokens(3));

    assertThat(path()).content().contains("\"R3\"");
    assertThat(dir.resolve("tokens.json.bak")).content().contains("\"R1\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "nonsense"})
  void aDamagedFileWithoutBackupHoldsNoTokens(String damage) throws IOException {
    Files.writeString(path(), damage);

    assertThat(file().read()).isEmpty();
  }

  @Test
  void aFileThatTheUserDeletedDoesNotComeBackFromItsBackup() throws IOException {
    written(1, 2);
    Files.delete(path());

    assertThat(file().read()).isEmpty();
  }

  @Test
  void aFileThatWasSyncedButNotYetRenamedIsTaken() throws IOException {
    written(1);
    new TokenFile(dir.resolve("other.json"), disk).write(tokens(2));
    Files.move(dir.resolve("other.json"), dir.resolve("tokens.json.new"));

    assertThat(file().read()).contains(tokens(2));
    written(3);
    assertThat(file().read()).contains(tokens(3));
  }

  @Test
  void oddTimesInTheFileDoNotHarm() throws IOException {
    Files.writeString(
        path(),
        "{\"refresh_token\":\"R\",\"obtained_at\":\"yesterday\",\"expires_at\":17,"
            + "\"refresh_expires_at\":\"+999999999-12-31T23:59:59Z\"}");

    assertThat(file().read().orElseThrow().expiresAt()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void writesOverASingleBindMountedFile() throws IOException {
    written(1);
    disk.fault = Fault.BUSY;

    written(2);

    assertThat(file().read()).contains(tokens(2));
    assertThat(dir.resolve("tokens.json.bak")).content().contains("\"R1\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
  }

  @Test
  void writesOverABindMountedFileInAReadOnlySystem() throws IOException {
    written(1);
    disk.fault = Fault.READ_ONLY_DIRECTORY;

    TokenFile file = file();
    file.prove();
    file.write(tokens(2));

    assertThat(file().read()).contains(tokens(2));
  }

  @Test
  void aShareThatKnowsNeitherModesNorDirectorySyncsTakesTheTokensAndIsNamedOnce()
      throws IOException {
    disk.fault = Fault.SIMPLE_SHARE;
    try (CapturedLog log = CapturedLog.open()) {
      TokenFile file = written(1, 2);
      file.prove();
      file.write(tokens(3));

      assertThat(file().read()).contains(tokens(3));
      assertThat(log.warnings()).singleElement().asString().contains("tokens.json", "owner only");
    }
  }

  @Test
  void aShorterTextLeavesNothingOfALongerOne() throws IOException {
    Files.writeString(path(), "{\"refresh_token\":\"" + "x".repeat(9000) + "\"}");
    disk.fault = Fault.BUSY;

    file().write(tokens(2));

    assertThat(path()).content().endsWith("}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FULL", "READ_ONLY"})
  void aWriteThatFailsLeavesTheOldFileWholeAndSaysSo(String fault) throws IOException {
    written(1);
    disk.fault = Fault.valueOf(fault);

    assertThatThrownBy(() -> file().prove()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file().write(tokens(2))).isInstanceOf(IOException.class);

    assertThat(new TokenFile(path(), new Disk()).read()).contains(tokens(1));
  }

  @Test
  void aParentThatIsNoDirectoryIsNotWritable() throws IOException {
    Path plain = Files.writeString(dir.resolve("plain"), "a file");

    TokenFile file = new TokenFile(plain.resolve("tokens.json"), new Disk());

    assertThat(file.read()).isEmpty();
    assertThatThrownBy(file::prove).isInstanceOf(IOException.class);
  }
}
