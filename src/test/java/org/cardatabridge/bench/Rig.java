// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.mqtt.BrokerSettings;
import org.cardatabridge.mqtt.Presence;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Publisher;

/**
 * What stands around a bridge or a bare client while it is measured: a mosquitto with TLS as BMW,
 * one as the local broker, cars that send, and a subscriber that counts.
 */
final class Rig implements AutoCloseable {

  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final String[] DESCRIPTORS = {
    "vehicle.vehicle.travelledDistance km n",
    "vehicle.drivetrain.batteryManagement.header % n",
    "vehicle.drivetrain.electricEngine.charging.level % n",
    "vehicle.drivetrain.electricEngine.charging.status - s",
    "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange km n",
    "vehicle.cabin.door.row1.driver.isOpen - b",
    "vehicle.chassis.axle.row1.wheel.left.tire.pressure kPa n",
    "vehicle.chassis.axle.row1.wheel.right.tire.pressure kPa t",
    "vehicle.chassis.axle.row2.wheel.left.tire.pressure kPa n",
    "vehicle.chassis.axle.row2.wheel.right.tire.pressure kPa t",
    "vehicle.cabin.window.row1.driver.status - s",
    "vehicle.cabin.window.row1.passenger.status - s",
    "vehicle.cabin.door.status - s",
    "vehicle.body.trunk.isOpen - b",
    "vehicle.drivetrain.lastRemainingRange km n",
    "vehicle.vehicle.avgSpeed km/h n",
    "vehicle.cabin.hvac.preconditioning.status.comfortState - s",
    "vehicle.drivetrain.electricEngine.charging.timeRemaining min n",
    "vehicle.vehicle.preConditioning.remainingTime min n",
    "vehicle.drivetrain.fuelSystem.level % n"
  };

  /** What is measured. */
  enum Kind {
    BRIDGE,
    BARE,
    /** Camel's own components alone, which tells what the platform takes. */
    CAMEL;

    /** What to compare at a flood's rates: Camel's own MQTT producer waits for each publication. */
    static final List<Kind> FAST = List.of(BRIDGE, BARE);
  }

  /** As in the launcher. */
  private static final List<String> OPTIONS =
      List.of(
          "-Xlog:disable",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-XX:+UseSerialGC",
          "-XX:MinHeapSize=8m",
          "-XX:InitialHeapSize=38m",
          "-XX:NewSize=12m",
          "-Xmx64m",
          "-XX:MinHeapFreeRatio=20",
          "-XX:MaxHeapFreeRatio=40",
          "-XX:NewRatio=1",
          "-XX:MaxNewSize=18m",
          "-XX:SurvivorRatio=4",
          "-XX:-ShrinkHeapInSteps",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:MaxNodeLimit=30000",
          "-XX:NodeLimitFudgeFactor=1000",
          "-XX:InlineSmallCode=600",
          "-XX:FreqInlineSize=80",
          "-XX:ThreadPriorityPolicy=1",
          "-XX:CompilerThreadPriority=5",
          "-XX:TrimNativeHeapInterval=1000",
          "-Dio.netty.allocator.maxOrder=5");

  private final Path dir;
  private final BenchBroker bmw;
  private final BenchBroker local;
  private final Publisher cars;
  private final Counter counter;
  private long sent;

  private Rig(Path dir, BenchBroker bmw, BenchBroker local, Publisher cars, Counter counter) {
    this.dir = dir;
    this.bmw = bmw;
    this.local = local;
    this.cars = cars;
    this.counter = counter;
  }

  static Rig in(Path dir) throws Exception {
    BenchBroker bmw = BenchBroker.bmw(dir.resolve("bmw"));
    BenchBroker local = BenchBroker.local(dir.resolve("local"));
    Publisher cars =
        new Publisher(
            BrokerSettings.tcp("127.0.0.1", bmw.port(), "cars"), Presence.on("cars/state"));
    cars.start();
    return new Rig(dir, bmw, local, cars, new Counter(local.port(), "cardata/+/vehicle/#"));
  }

  static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).substring(0, 14);
  }

  Path dir() {
    return dir;
  }

  Counter counter() {
    return counter;
  }

  BenchBroker local() {
    return local;
  }

  // ---- the two under test -----------------------------------------------------------------

  Child start(Kind kind, int qos) throws IOException {
    return start(kind, dir.resolve(kind.name()), qos, Map.of());
  }

  /** In a directory of its own, with further environment variables. */
  Child start(Kind kind, Path home, int qos, Map<String, String> further) throws IOException {
    Map<String, String> env =
        new HashMap<>(
            Map.of(
                "CARDATA_CLIENT_ID", "bench",
                "CARDATA_AUTH_URL", "http://127.0.0.1:9",
                "CARDATA_STREAM_HOST", "localhost",
                "CARDATA_STREAM_PORT", Integer.toString(bmw.tlsPort()),
                "CARDATA_TLS_CA_FILE", bmw.caFile().toString(),
                "CARDATA_SINK_MQTT_URL", "tcp://127.0.0.1:" + local.port(),
                "CARDATA_SINK_MQTT_QOS", Integer.toString(qos),
                "CARDATA_SINK_MQTT_LEAVES", "none",
                "CARDATA_API_PLAN", "false",
                "CARDATA_HTTP_PORT", "0"));
    env.putAll(further);
    return Child.start(home, command(kind), env);
  }

  private List<String> command(Kind kind) throws IOException {
    if (kind == Kind.BRIDGE) {
      return List.of(Path.of("bridge").toAbsolutePath().toString(), "run");
    }
    List<String> command = new ArrayList<>(List.of(java()));
    Path archive = archive(kind);
    command.add(
        Files.exists(archive)
            ? "-XX:SharedArchiveFile=" + archive
            : "-XX:DumpLoadedClassList=" + classes(kind));
    command.addAll(OPTIONS);
    // The archive takes jars only, and of those only what stands before the first directory.
    command.add("-cp");
    command.add(jars(kind) + ":" + Path.of("target/test-classes").toAbsolutePath());
    command.add((kind == Kind.BARE ? BareClient.class : BareCamel.class).getName());
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The program's jar names all others. */
  private static String jars(Kind kind) throws IOException {
    if (kind == Kind.BARE) {
      return Path.of("target/cardata-bridge.jar").toAbsolutePath().toString();
    }
    try (Stream<Path> all = Files.list(Path.of("target/lib"))) {
      return all.map(jar -> jar.toAbsolutePath().toString())
          .sorted()
          .collect(Collectors.joining(":"));
    }
  }

  private Path archive(Kind kind) {
    return dir.resolve(kind + ".jsa");
  }

  private Path classes(Kind kind) {
    return dir.resolve(kind + ".classes");
  }

  /** Class-data sharing as the launcher's: what a first run loaded goes into an archive. */
  void makeArchive(Kind kind) throws Exception {
    try (Child child = start(kind, 1)) {
      child.awaitUp();
      trickle(1, 20);
      child.stop();
    }
    if (kind == Kind.BRIDGE) {
      return;
    }
    Process dump =
        new ProcessBuilder(
                java(),
                "-Xshare:dump",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:SharedClassListFile=" + classes(kind),
                "-XX:SharedArchiveFile=" + archive(kind),
                "-cp",
                jars(kind))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(kind + ".dump.log").toFile())
            .start();
    if (dump.waitFor() != 0) {
      throw new IOException("there is no archive for " + kind + ", see " + dir);
    }
  }

  /** Puts a backlog into BMW's broker while the child stands still; its rate when it goes on. */
  double drain(Child child, int k, int messages) throws Exception {
    counter.reset();
    child.hold();
    send(k, messages);
    child.goOn();
    long wanted = (long) messages * k;
    if (!counter.await(wanted, QUIET)) {
      say("only %d of %d came", counter.count(), wanted);
    }
    return counter.count() / counter.seconds();
  }

  /** Milliseconds from the process's start to its first publication. */
  double firstMessage(Child child) throws Exception {
    while (counter.count() == 0) {
      trickle(1, 1);
    }
    return (counter.firstAt() - child.startedAt()) / 1e6;
  }

  // ---- cars ---------------------------------------------------------------------------------

  /** One message after the other, 10 ms apart, and waits for a moment. */
  void trickle(int k, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      send(k, 1);
      LockSupport.parkNanos(10_000_000);
    }
  }

  void send(int k, int messages) throws Exception {
    int left = messages;
    while (left > 0) {
      List<Publication> batch = new ArrayList<>();
      for (int i = 0; i < Math.min(left, 500); i++) {
        batch.add(message(k));
      }
      left -= batch.size();
      CountDownLatch done = new CountDownLatch(1);
      cars.publish(batch, failure -> done.countDown());
      done.await();
    }
  }

  /** Sends so many messages a second, evenly, and does not wait for the broker. */
  void sendEvenly(int k, int perSecond, Duration time) {
    long gap = 1_000_000_000L / perSecond;
    long begin = System.nanoTime();
    for (long n = 0; n * gap < time.toNanos(); n++) {
      for (long wait = begin + n * gap - System.nanoTime();
          wait > 0;
          wait = begin + n * gap - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      cars.publish(List.of(message(k)), failure -> {});
    }
  }

  /** The first descriptor's value is the moment it was made, as {@link Counter#micros} has it. */
  private Publication message(int k) {
    long n = sent++;
    String vin = "WBY0000000000000" + n % 4;
    Instant now = Instant.now();
    StringBuilder text = new StringBuilder(3_000);
    text.append("{\"vin\":\"").append(vin).append("\",\"entityId\":\"bench\",\"topic\":\"");
    text.append(vin).append("\",\"timestamp\":\"").append(now).append("\",\"data\":{");
    for (int i = 0; i < k; i++) {
      String[] descriptor = DESCRIPTORS[i].split(" ");
      String value =
          switch (descriptor[2]) {
            case "n" -> Long.toString(i == 0 ? Counter.micros() : n % 100);
            case "t" -> "\"" + n % 100 + "\"";
            case "b" -> Boolean.toString(n % 8 < 4);
            default -> "\"STATE_" + n % 100 + "\"";
          };
      text.append(i == 0 ? "\"" : ",\"").append(descriptor[0]).append("\":{\"timestamp\":\"");
      text.append(now.plusNanos(n % 1_000)).append("\",\"value\":").append(value);
      if (!descriptor[1].equals("-")) {
        text.append(",\"unit\":\"").append(descriptor[1]).append('"');
      }
      text.append('}');
    }
    return Publication.of("gcid-bench/" + vin, text.append("}}").toString(), 1, false);
  }

  @Override
  public void close() throws IOException {
    counter.close();
    cars.close();
    local.close();
    bmw.close();
  }
}
