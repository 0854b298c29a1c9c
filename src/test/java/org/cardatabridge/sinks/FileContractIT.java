// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;

/** The contract for {@code sink-file}, against a folder whose disk can be taken away. */
class FileContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.file.";

  @Override
  protected String sink() {
    return "file";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Folder(directory.resolve("disk"));
  }

  /** Reached by a link, which leads to nowhere while the disk is away. */
  private static final class Folder implements SinkTarget {

    private final Path disk;
    private final Path nowhere;
    private final Path link;
    private final Map<Path, List<String>> read = new HashMap<>();

    Folder(Path home) throws IOException {
      disk = Files.createDirectories(home.resolve("real"));
      nowhere = Files.createFile(home.resolve("nowhere"));
      link = home.resolve("mounted");
      start();
    }

    private void lead(Path to) throws IOException {
      Path made = Files.createSymbolicLink(link.resolveSibling("next"), to);
      Files.move(made, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "dir",
          link.resolve("export").toString(),
          PREFIX + "roll-events",
          "200",
          PREFIX + "roll-after",
          "1ms",
          PREFIX + "attempts",
          "2");
    }

    @Override
    public void stop() throws IOException {
      lead(nowhere);
    }

    @Override
    public void kill() throws IOException {
      lead(nowhere);
    }

    @Override
    public void start() throws IOException {
      lead(disk);
    }

    @Override
    public synchronized List<Long> received(String key) throws IOException {
      try (Stream<Path> all = Files.walk(disk)) {
        List<String> lines = new ArrayList<>();
        for (Path file :
            all.filter(path -> path.toString().endsWith(".ndjson.gz"))
                .filter(path -> !path.getFileName().toString().startsWith("."))
                .sorted()
                .toList()) {
          lines.addAll(linesOf(file));
        }
        return lines.stream().flatMap(line -> StoredLines.value(line, key)).toList();
      } catch (java.io.UncheckedIOException e) {
        // A hidden file got its name while we looked.
        if (e.getCause() instanceof NoSuchFileException) {
          return received(key);
        }
        throw e;
      }
    }

    /** A longer one may take its place, of another size. */
    private List<String> linesOf(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      Path version = Path.of(file + "-" + java.util.Arrays.hashCode(bytes));
      return read.computeIfAbsent(version, v -> StoredLines.of(bytes).toList());
    }

    /** No folder can have that name. */
    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      String vin = "X".repeat(300);
      return Optional.of(
          new CarEvent(
              good.account(),
              vin,
              vin,
              good.key(),
              good.value(),
              good.unit(),
              good.timestamp(),
              good.received(),
              good.source()));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(PREFIX + "roll-after", "soon", PREFIX + "roll-events", "many");
    }

    @Override
    public void close() {}
  }
}
