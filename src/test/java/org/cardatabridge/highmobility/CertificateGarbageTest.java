// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.cardatabridge.testing.TestAuthority;

/** Files of which nobody knows what is in them: a sentence or an identity, and nothing else. */
class CertificateGarbageTest {

  private static Path dir;
  private static byte[] certificate;
  private static List<String> keys;
  private static List<byte[]> material;

  @BeforeContainer
  static void prepare() throws IOException, CertificateEncodingException {
    dir = Files.createTempDirectory("garbage");
    KeyPair rsa = TestAuthority.rsa();
    KeyPair ec = TestAuthority.ec();
    certificate =
        TestAuthority.named("CN=ca").issue("CN=00112233445566778899aabb", rsa).getEncoded();
    keys =
        List.of(
            TestAuthority.pkcs1(rsa.getPrivate()),
            TestAuthority.pkcs8(rsa.getPrivate()),
            TestAuthority.sec1(ec, true),
            TestAuthority.curve() + TestAuthority.sec1(ec, false),
            TestAuthority.pkcs8(ec.getPrivate()));
    material = keys.stream().map(key -> key.getBytes(StandardCharsets.US_ASCII)).toList();
  }

  @AfterContainer
  static void remove() throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void read(byte[] ca, byte[] certificate, byte[] key) throws IOException {
    CertificateFiles files =
        new CertificateFiles(
            Files.write(dir.resolve("ca"), ca),
            Files.write(dir.resolve("crt"), certificate),
            Files.write(dir.resolve("key"), key));
    try {
      assertThat(files.read(Clock.systemUTC())).isNotNull();
    } catch (UnusableCertificateException e) {
      assertThat(e.getMessage()).matches("Reading the [^:]+: [^—]+ — [^—]+");
      assertThat(e.getCause()).isNull();
      for (byte[] secret : material) {
        String pem = new String(secret, StandardCharsets.US_ASCII);
        for (String line : pem.lines().filter(l -> !l.startsWith("-----")).toList()) {
          assertThat(e.getMessage()).doesNotContain(line.substring(0, Math.min(8, line.length())));
        }
      }
    }
    assertThat(files.stamp()).isNotEmpty();
  }

  private static byte[] damaged(byte[] good, long seed, int changes) {
    Random random = new Random(seed);
    byte[] bad = good.clone();
    for (int i = 0; i < changes; i++) {
      switch (random.nextInt(4)) {
        case 0 -> bad = Arrays.copyOf(bad, random.nextInt(bad.length + 1));
        case 1 -> bad = Arrays.copyOfRange(bad, random.nextInt(bad.length + 1), bad.length);
        default -> {
          if (bad.length > 0) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
          }
        }
      }
      if (bad.length == 0) {
        return bad;
      }
    }
    return bad;
  }

  private static byte[] text(String label, byte[] der) {
    return TestAuthority.pem(label, der).getBytes(StandardCharsets.US_ASCII);
  }

  @Property(tries = 100)
  void anyBytes(@ForAll @Size(max = 300) byte[] a, @ForAll @Size(max = 300) byte[] b)
      throws IOException {
    read(a, b, a);
    read(a, text("CERTIFICATE", certificate), b);
    read(a, text("CERTIFICATE", a), text("PRIVATE KEY", b));
  }

  @Property(tries = 200)
  void aDamagedCertificate(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int changes)
      throws IOException {
    byte[] bad = text("CERTIFICATE", damaged(certificate, seed, changes));
    byte[] key = material.get(0);
    read(bad, text("CERTIFICATE", certificate), key);
    read(bad, bad, key);
    read(bad, damaged(bad, seed, changes), key);
  }

  @Property(tries = 200)
  void aDamagedKey(
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int form,
      @ForAll @IntRange(min = 1, max = 4) int changes)
      throws IOException, PemBlock.DamagedException {
    byte[] good = text("CERTIFICATE", certificate);
    read(good, good, damaged(material.get(form), seed, changes));
    List<PemBlock> blocks = PemBlock.in(keys.get(form));
    PemBlock key = blocks.get(blocks.size() - 1);
    read(good, good, text(key.label(), damaged(key.der(), seed, changes)));
  }
}
