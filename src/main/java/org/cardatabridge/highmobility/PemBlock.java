// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One block of a PEM text. Takes what people's files look like: indented, with text around the
 * blocks, with the line ends of any system, or all in one line. Immutable.
 *
 * @param label what it says it is, such as {@code CERTIFICATE}
 * @param encrypted whether its lines say that the content is encrypted
 * @param der the content
 */
record PemBlock(String label, boolean encrypted, byte[] der) {

  private static final Pattern MARKER = Pattern.compile("-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----");
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** A block that begins and does not end, or whose content is no Base64. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * The blocks of a text, in their order; none where it has none.
   *
   * @throws DamagedException where one of them cannot be read
   */
  static List<PemBlock> in(String text) throws DamagedException {
    List<PemBlock> blocks = new ArrayList<>();
    String label = null;
    boolean encrypted = false;
    StringBuilder content = new StringBuilder();
    // Line ends that were written out as \n are a habit of environment variables.
    String apart =
        MARKER
            .matcher(text.replace("\\n", "\n"))
            .replaceAll("\n" + DASHES + "$1 $2" + DASHES + "\n");
    for (String raw : apart.lines().toList()) {
      String line = raw.strip();
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        if (label != null) {
          throw new DamagedException();
        }
        label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        encrypted = label.startsWith("ENCRYPTED");
        content.setLength(0);
      } else if (label == null) {
        continue;
      } else if (line.startsWith(END)) {
        blocks.add(new PemBlock(label, encrypted, decode(content)));
        label = null;
      } else if (line.indexOf(':') > 0) {
        encrypted |= line.startsWith("Proc-Type:") && line.contains("ENCRYPTED");
      } else {
        line.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> content.append((char) c));
      }
    }
    if (label != null) {
      throw new DamagedException();
    }
    return blocks;
  }

  private static byte[] decode(CharSequence content) throws DamagedException {
    try {
      return Base64.getDecoder().decode(content.toString());
    } catch (IllegalArgumentException e) {
      // Its text would quote the content.
      throw new DamagedException();
    }
  }

  boolean isCertificate() {
    return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
  }

  boolean isPrivateKey() {
    return label.endsWith("PRIVATE KEY");
  }

  /** The first of a label. */
  static Optional<PemBlock> labelled(List<PemBlock> blocks, String label) {
    return blocks.stream().filter(block -> block.label.equals(label)).findFirst();
  }

  /** The label only: the content may be a key. */
  @Override
  public String toString() {
    return "PemBlock[" + label + "]";
  }
}
