// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One of the files that High Mobility hands out, with the sentences for what can be wrong with it.
 * Immutable; each reading reads anew.
 */
final class PemFile {

  /** Far above any certificate; a larger file is something else. */
  static final int MOST_BYTES = 1_000_000;

  /** Ids of a certificate or an application, which file names have and logs must not. */
  private static final Pattern ID =
      Pattern.compile(
          "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}"
              + "|\\p{XDigit}{24,}");

  private static final int SEQUENCE = 0x30;

  private final Path path;
  private final String what;
  private final String setting;
  private final String ending;
  private final String toPem;

  private PemFile(Path path, String what, String setting, String ending, String toPem) {
    this.path = path;
    this.what = what;
    this.setting = setting;
    this.ending = ending;
    this.toPem = toPem;
  }

  /** The file with the authorities that High Mobility's server is known by. */
  static PemFile authorities(Path path) {
    return new PemFile(
        path,
        "the CA file",
        "cardata.highmobility.ca-file",
        "ca_certificates.pem",
        "openssl x509 -inform der");
  }

  /** The file with our certificate. */
  static PemFile certificate(Path path) {
    return new PemFile(
        path,
        "the client certificate",
        "cardata.highmobility.client-cert-file",
        "certificate.pem.crt",
        "openssl x509 -inform der");
  }

  /** The file with its private key. */
  static PemFile key(Path path) {
    return new PemFile(
        path,
        "the client key",
        "cardata.highmobility.client-key-file",
        "private.pem.key",
        "openssl pkey -inform der");
  }

  /** The path with ids in it shortened, as sentences have it. */
  String shown() {
    return ID.matcher(path.toString()).replaceAll(id -> shortened(id));
  }

  private static String shortened(MatchResult id) {
    return id.group().substring(0, 4) + "…";
  }

  /** The sentence for this file. */
  String sentence(String cause, String remedy) {
    return "Reading " + what + " " + shown() + ": " + cause + " — " + remedy;
  }

  /** An exception with that sentence. */
  UnusableCertificateException unusable(String cause, String remedy) {
    return new UnusableCertificateException(sentence(cause, remedy));
  }

  /** An exception that tells to name another file, as this one holds something else. */
  UnusableCertificateException holds(String something, String remedy) {
    return unusable("it holds " + something, remedy);
  }

  /** What to do where another file is named: which of those from High Mobility it must be. */
  String named() {
    return "name the file that ends in " + ending + " in " + setting;
  }

  /** The name of the setting that names this file. */
  String setting() {
    return setting;
  }

  /**
   * The PEM blocks in the file, at least one.
   *
   * @throws UnusableCertificateException where it cannot be read or is no PEM
   */
  List<PemBlock> blocks() throws UnusableCertificateException {
    byte[] bytes = bytes();
    String text = new String(bytes, charset(bytes));
    if (text.isBlank()) {
      throw unusable("it is empty", again());
    }
    List<PemBlock> blocks;
    try {
      blocks = PemBlock.in(text);
    } catch (PemBlock.DamagedException e) {
      throw unusable("a block in it is cut off or damaged", again());
    }
    if (!blocks.isEmpty()) {
      return blocks;
    }
    if (isPkcs12(bytes)) {
      throw unusable(
          "it is a PKCS#12 store, not PEM",
          "take it apart: openssl pkcs12 -in <that file> -nodes -out all.pem, and name all.pem in "
              + setting);
    }
    if (isDer(bytes)) {
      throw unusable(
          "it is DER, not PEM",
          "convert it: "
              + toPem
              + " -in <that file> -out file.pem, and name file.pem in "
              + setting);
    }
    throw unusable(
        "it has no block that begins with -----BEGIN",
        "it must be PEM, as High Mobility hands it out; check " + setting);
  }

  private byte[] bytes() throws UnusableCertificateException {
    if (Files.isDirectory(path)) {
      throw unusable(
          "it is a folder",
          "name a file in "
              + setting
              + "; Docker makes a folder where the file to mount is not there");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // Reading a pipe could wait for ever.
      throw unusable("it is no regular file", "name a file in " + setting);
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw unusable("it is not there", "put the file from High Mobility there, or set " + setting);
    } catch (AccessDeniedException e) {
      throw unusable(
          "this user may not read it",
          "give the user who runs the bridge the right to (chown, chmod)");
    } catch (IOException e) {
      throw unusable(
          "the system cannot read it (" + e.getClass().getSimpleName() + ")",
          "check the disk, or set " + setting);
    }
    if (bytes.length > MOST_BYTES) {
      throw unusable("it is larger than 1 MB", "it is something else; check " + setting);
    }
    return bytes;
  }

  private String again() {
    return "copy it anew from what High Mobility handed out, or check " + setting;
  }

  /** Windows writes UTF-16 where a shell redirects into a file. */
  private static Charset charset(byte[] bytes) {
    boolean isWide =
        bytes.length >= 2
            && (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE
                || bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF);
    return isWide ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1;
  }

  private static boolean isDer(byte[] bytes) {
    return bytes.length > 4 && bytes[0] == SEQUENCE && bytes[1] < 0;
  }

  /** A sequence that begins with version 3 as an integer of one byte. */
  private static boolean isPkcs12(byte[] bytes) {
    if (!isDer(bytes)) {
      return false;
    }
    int at = 2 + (bytes[1] & 0x7f);
    return bytes.length > at + 3 && bytes[at] == 2 && bytes[at + 1] == 1 && bytes[at + 2] == 3;
  }
}
