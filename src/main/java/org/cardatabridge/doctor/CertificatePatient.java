// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.stream.StreamSpan;

/**
 * A certificate of High Mobility, as the checks look at it. Safe for use by many threads as long as
 * its suppliers are.
 *
 * @param name as in {@code cardata.highmobility.accounts}
 * @param settings as this certificate sees them
 * @param papers reads its files
 * @param stream how the session with High Mobility stands
 * @param spans its states of the last days, the oldest first
 */
public record CertificatePatient(
    String name,
    Settings settings,
    Supplier<Papers> papers,
    Supplier<StreamSnapshot> stream,
    Supplier<List<StreamSpan>> spans) {

  /** Refuses a missing name. */
  public CertificatePatient {
    Objects.requireNonNull(name, "name");
  }

  /**
   * What the three files say. Immutable.
   *
   * @param from since when the certificate is valid; null where that is not known
   * @param until until when it is; null where that is not known
   * @param tls what the bridge shows to High Mobility; null where the files cannot be used
   * @param trouble why they cannot be used, in one sentence with what to do; null where they can
   */
  public record Papers(Instant from, Instant until, SSLContext tls, String trouble) {

    /** Whether somebody can log in with them. */
    boolean areUsable() {
      return trouble == null;
    }
  }
}
