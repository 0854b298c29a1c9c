// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.LoadedSettings;

/**
 * What all accounts share, as the checks look at it. Safe for use by many threads.
 *
 * @param loaded the settings and what is odd about them
 * @param journal what was received
 * @param trust whom the bridge trusts at BMW's endpoints
 * @param clock this machine's
 * @param isRunning whether this is a bridge that runs; otherwise one that was started for the
 *     doctor alone, without sinks
 * @param embeddedTrouble why the broker inside the bridge does not work; empty where it does, or
 *     there is none
 */
public record House(
    LoadedSettings loaded,
    Journal journal,
    Supplier<SSLContext> trust,
    Clock clock,
    boolean isRunning,
    Supplier<Optional<String>> embeddedTrouble,
    Resolver resolver,
    Function<String, String> variables,
    Function<String, String> properties) {

  /** All checks in the order in which one stands on another. */
  public List<Check> checks(List<Patient> patients, List<CertificatePatient> certificates) {
    return new Rounds(this, patients, certificates).checks();
  }
}
