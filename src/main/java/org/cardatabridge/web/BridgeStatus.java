// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.List;
import org.cardatabridge.bucket.BucketSnapshot;

/**
 * The answer of {@code /api/status}. Immutable.
 *
 * @param version the bridge's version
 * @param startedAt when it started
 * @param accounts its accounts, in the order of the setting
 * @param vehicles the vehicles heard of, sorted by VIN
 * @param journal the journal
 * @param sinks the sinks, sorted by name
 * @param problems route files that cannot be used and belong to no sink, sorted by name
 * @param bucket High Mobility's bucket; null where it is switched off
 */
public record BridgeStatus(
    String version,
    Instant startedAt,
    List<AccountStatus> accounts,
    List<VehicleStatus> vehicles,
    JournalStatus journal,
    List<SinkStatus> sinks,
    List<RouteProblem> problems,
    BucketSnapshot bucket) {}
