// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cardatabridge.CarEvent;
import org.cardatabridge.bucket.BucketSnapshot;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.journal.SinkSnapshot;

/**
 * The state of everything, as the HTTP API and the status topic show it. Safe for use by many
 * threads as long as the supplier is.
 */
public final class StatusApi {

  private final String version;
  private final Instant startedAt;
  private final Supplier<List<AccountStatus>> accounts;
  private final Journal journal;
  private final RouteProblems problems;
  private final Supplier<BucketSnapshot> bucket;

  /** The supplier is asked at each request. */
  public StatusApi(
      String version,
      Instant startedAt,
      Supplier<List<AccountStatus>> accounts,
      Journal journal,
      RouteProblems problems) {
    this(version, startedAt, accounts, journal, problems, () -> null);
  }

  /**
   * The same beside a bucket.
   *
   * @param bucket is asked at each request; gives null where no bucket is read
   */
  public StatusApi(
      String version,
      Instant startedAt,
      Supplier<List<AccountStatus>> accounts,
      Journal journal,
      RouteProblems problems,
      Supplier<BucketSnapshot> bucket) {
    this.bucket = bucket;
    this.version = version;
    this.startedAt = startedAt;
    this.accounts = accounts;
    this.journal = journal;
    this.problems = problems;
  }

  /** Everything. */
  public BridgeStatus current() {
    List<AccountStatus> all = accounts.get();
    return new BridgeStatus(
        version,
        startedAt,
        all,
        vehicleList(all),
        journalStatus(),
        sinkList(),
        problems.all(),
        bucket.get());
  }

  /** {@code GET /api/status}. */
  public Answer status() {
    return Answer.json(200, current());
  }

  /** The text of {@code /api/status}. */
  public String json() {
    return status().text();
  }

  /** The text of the status topic: accounts and sinks, without codes and addresses. */
  public String bridgeStatus() {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("accounts", accounts.get().stream().map(AccountStatus::withoutCodesAndUrls).toList());
    parts.put("sinks", sinkList().stream().map(SinkStatus::withoutUrls).toList());
    return Answer.text(parts);
  }

  /** {@code GET /api/vehicles}. */
  public Answer vehicles() {
    return Answer.json(200, vehicleList(accounts.get()));
  }

  /** {@code GET /api/vehicles/{vin}}; 404 for one not heard of. */
  public Answer vehicle(String vin) {
    return journal
        .newest()
        .vehicle(vin)
        .map(vehicle -> Answer.json(200, values(vehicle)))
        .orElseGet(() -> Answer.error(404, "no vehicle with this VIN was heard of"));
  }

  private List<VehicleStatus> vehicleList(List<AccountStatus> all) {
    List<RecentError> errors = RecentError.newestFirst(journal.errors(), all);
    return journal.newest().sightings().stream()
        .map(
            vehicle ->
                new VehicleStatus(
                    vehicle.vin(),
                    vehicle.alias(),
                    vehicle.account(),
                    vehicle.descriptors(),
                    vehicle.lastMessageAt(),
                    vehicle.messages(),
                    vehicle.lastEventAt(),
                    lastError(vehicle.vin(), errors)))
        .toList();
  }

  private static VehicleStatus.LastError lastError(String vin, List<RecentError> errors) {
    return errors.stream()
        .filter(error -> error.isAbout(vin))
        .findFirst()
        .map(error -> new VehicleStatus.LastError(error.at(), error.text()))
        .orElse(null);
  }

  private static VehicleValues values(NewestValues.Vehicle vehicle) {
    Map<String, VehicleValues.NewestValue> values = new LinkedHashMap<>();
    vehicle.values().forEach((key, event) -> values.put(key, value(event)));
    return new VehicleValues(vehicle.vin(), vehicle.alias(), vehicle.account(), values);
  }

  private static VehicleValues.NewestValue value(CarEvent event) {
    return new VehicleValues.NewestValue(
        event.value(), event.unit(), event.timestamp(), event.received(), event.source());
  }

  private JournalStatus journalStatus() {
    return JournalStatus.of(journal.snapshot(), journal.trouble(), journal.notice());
  }

  private List<SinkStatus> sinkList() {
    return journal.sinks().stream().map(StatusApi::sink).toList();
  }

  private static SinkStatus sink(SinkSnapshot sink) {
    return new SinkStatus(
        sink.name(),
        sink.enabled(),
        sink.state().word(),
        sink.delivered(),
        sink.failed(),
        sink.lag(),
        sink.lost() == 0 ? null : sink.lost(),
        sink.lastError());
  }
}
