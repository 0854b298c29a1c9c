// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * Private keys out of PEM blocks. The JDK reads PKCS#8 only; the older forms, PKCS#1 of RSA and SEC
 * 1 of elliptic curves, are what PKCS#8 holds inside, so they are put into it.
 */
final class PrivateKeys {

  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xA0;

  private static final byte[] VERSION_0 = {INTEGER, 1, 0};

  /** rsaEncryption (1.2.840.113549.1.1.1) with its NULL. */
  private static final byte[] RSA = {
    0x06, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 0x05, 0
  };

  /** id-ecPublicKey (1.2.840.10045.2.1). */
  private static final byte[] EC = {0x06, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private static final byte[] SPECIMEN = "specimen".getBytes(StandardCharsets.US_ASCII);

  private PrivateKeys() {}

  /** The key in a file, the first where it has several. */
  static PrivateKey in(PemFile file) throws UnusableCertificateException {
    List<PemBlock> blocks = file.blocks();
    PemBlock block =
        blocks.stream()
            .filter(PemBlock::isPrivateKey)
            .findFirst()
            .orElseThrow(() -> noKey(file, blocks));
    if (block.encrypted()) {
      throw file.unusable(
          "the key is encrypted with a password",
          "store it without one: openssl pkey -in <that file> -out plain.key, and name plain.key"
              + " in "
              + file.setting());
    }
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> key(block.der());
        case "RSA PRIVATE KEY" ->
            KeyFactory.getInstance("RSA").generatePrivate(pkcs8(RSA, block.der()));
        case "EC PRIVATE KEY" ->
            KeyFactory.getInstance("EC").generatePrivate(pkcs8(curve(block, blocks), block.der()));
        default -> throw unknown(file);
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      // No cause: what Java says of a key may quote it. Its parser is not free of unchecked ones.
      throw unknown(file);
    }
  }

  private static UnusableCertificateException noKey(PemFile file, List<PemBlock> blocks) {
    boolean swapped = blocks.stream().anyMatch(PemBlock::isCertificate);
    return swapped
        ? file.holds("a certificate where the private key is expected", file.named())
        : file.holds("no private key", file.named());
  }

  private static UnusableCertificateException unknown(PemFile file) {
    return file.unusable(
        "its key is damaged or of a kind that Java does not know",
        "it must be RSA or EC in PKCS#8, PKCS#1 or SEC 1; convert it with openssl pkey -in"
            + " <that file> -out plain.key, or copy it anew");
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    // Its algorithm stands inside; trying is shorter than reading it.
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (GeneralSecurityException e) {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    }
  }

  private static PKCS8EncodedKeySpec pkcs8(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    inner.writeBytes(VERSION_0);
    inner.writeBytes(tagged(SEQUENCE, algorithm));
    inner.writeBytes(tagged(OCTETS, key));
    return new PKCS8EncodedKeySpec(tagged(SEQUENCE, inner.toByteArray()));
  }

  /** The algorithm with the curve that the key names itself, or a block before it does. */
  private static byte[] curve(PemBlock key, List<PemBlock> blocks) throws GeneralSecurityException {
    ByteArrayOutputStream algorithm = new ByteArrayOutputStream();
    algorithm.writeBytes(EC);
    byte[] named = parameters(key.der());
    if (named == null) {
      named =
          PemBlock.labelled(blocks, "EC PARAMETERS")
              .orElseThrow(() -> new GeneralSecurityException("no curve is named"))
              .der();
    }
    algorithm.writeBytes(named);
    return algorithm.toByteArray();
  }

  /** What an ECPrivateKey (RFC 5915) has in {@code [0]}; null where it has none. */
  private static byte[] parameters(byte[] key) throws GeneralSecurityException {
    try {
      ByteBuffer inside = content(ByteBuffer.wrap(key), SEQUENCE);
      content(inside, INTEGER);
      content(inside, OCTETS);
      if (!inside.hasRemaining() || (inside.get(inside.position()) & 0xff) != PARAMETERS) {
        return null;
      }
      ByteBuffer parameters = content(inside, PARAMETERS);
      byte[] bytes = new byte[parameters.remaining()];
      parameters.get(bytes);
      return bytes;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new GeneralSecurityException("no EC key");
    }
  }

  /** Takes one element off the buffer. */
  private static ByteBuffer content(ByteBuffer in, int tag) throws GeneralSecurityException {
    if ((in.get() & 0xff) != tag) {
      throw new GeneralSecurityException("another element was expected");
    }
    int length = in.get() & 0xff;
    if (length > 0x82) {
      throw new GeneralSecurityException("longer than a key is");
    }
    if (length == 0x81) {
      length = in.get() & 0xff;
    } else if (length == 0x82) {
      length = in.getShort() & 0xffff;
    }
    ByteBuffer content = in.slice().limit(length);
    in.position(in.position() + length);
    return content;
  }

  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 5);
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
      out.write(0x80 | bytes);
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /**
   * Whether a certificate with the public key can be used with the private one: tried, not read.
   */
  static boolean fit(PrivateKey key, PublicKey certified) {
    String how =
        key instanceof RSAKey && certified instanceof RSAKey
            ? "SHA256withRSA"
            : key instanceof ECKey && certified instanceof ECKey ? "SHA256withECDSA" : null;
    if (how == null) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(how);
      signature.initSign(key);
      signature.update(SPECIMEN);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(SPECIMEN);
      return signature.verify(signed);
    } catch (GeneralSecurityException | RuntimeException e) {
      // Numbers that are no key at all: they fit nothing.
      return false;
    }
  }
}
