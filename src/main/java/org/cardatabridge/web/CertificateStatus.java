// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The {@code certificate} part of an account's status; nothing in it says whose it is. Immutable.
 *
 * @param state {@code valid}, {@code expires-soon}, {@code expired}, {@code not-yet-valid} or
 *     {@code unusable}
 * @param expiresAt when it ends; null where its file cannot be read
 * @param text what is wrong and what to do, in a sentence; null where nothing is to be done
 * @param paths where its files lie, as sentences name them; shown by nobody
 */
public record CertificateStatus(
    String state, Instant expiresAt, String text, @JsonIgnore List<String> paths) {

  /** Copies the paths, the longest first, as one may begin with another. */
  public CertificateStatus {
    paths =
        paths.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .distinct()
            .toList();
  }

  CertificateStatus withoutPaths() {
    return new CertificateStatus(state, expiresAt, withoutPaths(text), List.of());
  }

  /** A sentence about the files without where they lie; null for null. */
  String withoutPaths(String sentence) {
    String left = sentence;
    for (String path : left == null ? List.<String>of() : paths) {
      left = left.replace(" " + path, "");
    }
    return left;
  }
}
