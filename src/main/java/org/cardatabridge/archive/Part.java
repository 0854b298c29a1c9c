// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

/**
 * One finished file of an archive. Its name never changes with what else is written: the same first
 * data point gives the same name, so that a repeat takes the place of what it repeats.
 *
 * @param name the path below the archive, with {@code /} between its parts; never null
 * @param content NDJSON, gzipped; not copied; never null
 */
public record Part(String name, byte[] content) {

  /** Says how large it is; the name holds a VIN. */
  @Override
  public String toString() {
    return "Part[" + content.length + " bytes]";
  }
}
