// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;
import org.cardatabridge.api.Mappings;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.doctor.Bundle;
import org.cardatabridge.doctor.CertificatePatient;
import org.cardatabridge.doctor.Cloak;
import org.cardatabridge.doctor.Doctor;
import org.cardatabridge.doctor.Examination;
import org.cardatabridge.doctor.House;
import org.cardatabridge.doctor.Patient;
import org.cardatabridge.doctor.Resolver;
import org.cardatabridge.doctor.Words;
import org.cardatabridge.highmobility.Certificate;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.mqtt.BrokerUnavailableException;
import org.cardatabridge.mqtt.EmbeddedBroker;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.stream.StreamStates;
import org.cardatabridge.web.Metrics;
import org.cardatabridge.web.StatusApi;
import org.cardatabridge.web.TimelineApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the doctor the parts of a bridge; made when somebody asks for the doctor. */
final class DoctorParts implements Supplier<Doctor> {

  private static final Logger LOG = LoggerFactory.getLogger(DoctorParts.class);

  private final CamelContext context;
  private final LoadedSettings loaded;
  private final Journal journal;
  private final List<AccountParts> accounts;
  private final List<CertificateParts> certificates;
  private final StreamStates states;
  private final Supplier<BmwTrust> trust;
  private final Clock clock;
  private Doctor doctor;

  DoctorParts(
      CamelContext context,
      LoadedSettings loaded,
      Journal journal,
      List<AccountParts> accounts,
      List<CertificateParts> certificates,
      StreamStates states,
      Supplier<BmwTrust> trust,
      Clock clock) {
    this.context = context;
    this.loaded = loaded;
    this.journal = journal;
    this.accounts = List.copyOf(accounts);
    this.certificates = List.copyOf(certificates);
    this.states = states;
    this.trust = trust;
    this.clock = clock;
  }

  @Override
  public synchronized Doctor get() {
    if (doctor == null) {
      House house = house();
      List<Patient> patients = accounts.stream().map(this::patient).toList();
      List<CertificatePatient> certificatePatients =
          certificates.stream()
              .flatMap(parts -> parts.certificate().stream().map(c -> patient(parts, c)))
              .toList();
      doctor =
          new Doctor(() -> house.checks(patients, certificatePatients), clock, System::nanoTime);
    }
    return doctor;
  }

  private House house() {
    return new House(
        loaded,
        journal,
        () -> trust.get().sslContext(),
        clock,
        context.getRegistry().lookupByName(BridgePlugin.FOR_DOCTOR) == null,
        this::embeddedTrouble,
        Resolver.ofMachine(),
        System.getenv()::get,
        System::getProperty);
  }

  private Optional<String> embeddedTrouble() {
    LocalMqttComponent local = (LocalMqttComponent) context.hasComponent("local-mqtt");
    if (local != null && local.embeddedBroker().isPresent()) {
      return Optional.empty();
    }
    try {
      EmbeddedBroker.from(loaded.settings(), loaded.dataDir()).checkAddress();
      return Optional.empty();
    } catch (BrokerUnavailableException e) {
      return Optional.of(e.getMessage());
    }
  }

  private Patient patient(AccountParts account) {
    Mappings mappings = context.getRegistry().lookupByNameAndType("mappings", Mappings.class);
    return new Patient(
        account.name(),
        accounts.size() == 1,
        loaded.settings().forAccount(account.name()),
        account.tokens()::current,
        account.tokens().path(),
        account.login()::snapshot,
        account.stream()::status,
        () -> states.spans(account.name(), clock.instant().minus(StreamStates.KEEP)),
        () -> account.gate().quota().or(() -> Optional.of(account.gate().quotaNow())),
        () ->
            mappings.isKnown(account.name())
                ? Optional.of(mappings.all(account.name()))
                : Optional.empty(),
        () -> mappings.namedAt(account.name()),
        () -> askMappings(account.name()));
  }

  private CertificatePatient patient(CertificateParts parts, Certificate certificate) {
    return new CertificatePatient(
        parts.name(),
        parts.settings(),
        () -> papers(certificate),
        parts.stream()::status,
        () -> states.spans(parts.name(), clock.instant().minus(StreamStates.KEEP)));
  }

  private static CertificatePatient.Papers papers(Certificate certificate) {
    SSLContext tls = certificate.tls().orElse(null);
    Certificate.Standing standing = certificate.standing();
    return new CertificatePatient.Papers(
        standing.from(), standing.until(), tls, tls == null ? standing.text() : null);
  }

  private List<Account> everyAccount() {
    return Stream.<Account>concat(accounts.stream(), certificates.stream()).toList();
  }

  /** Packs what helps to find a fault, without anything that names a person. */
  byte[] bundle(Examination examination) throws IOException {
    Registry registry = context.getRegistry();
    Cloak cloak = new Cloak(new Hidden(loaded, journal, accounts, certificates).labels());
    Bundle bundle = new Bundle(cloak);
    bundle
        .named("doctor.json", examination.json(Words.of("en")))
        .jsonText("status.json", registry.lookupByNameAndType("status", StatusApi.class).json())
        .named("settings.json", settings())
        .json("versions.json", versions())
        .named("routes.json", routes())
        .json("descriptors.json", descriptors())
        .numbers(
            "metrics.txt", registry.lookupByNameAndType("metrics", Metrics.class).scrape().text());
    timeline(bundle);
    Supplier<?> log = registry.lookupByNameAndType(BridgePlugin.LOG_LINES, Supplier.class);
    if (log != null && log.get() instanceof List<?> lines && !lines.isEmpty()) {
      bundle.text("log.txt", lines.stream().map(String::valueOf).collect(Collectors.joining()));
    }
    return bundle.zip();
  }

  private void timeline(Bundle bundle) throws IOException {
    TimelineApi api = context.getRegistry().lookupByNameAndType("timelineApi", TimelineApi.class);
    List<Account> all = everyAccount();
    for (int i = 0; api != null && i < all.size(); i++) {
      Exchange asked = new DefaultExchange(context);
      asked.getMessage().setHeader("account", all.get(i).name());
      String file = i == 0 ? "timeline.json" : "timeline-" + (i + 1) + ".json";
      bundle.jsonText(file, api.timeline(asked).text());
    }
  }

  private List<Map<String, Object>> settings() {
    Map<String, String> shown = loaded.harmless();
    List<Map<String, Object>> all = new ArrayList<>();
    new TreeMap<>(loaded.sources())
        .forEach(
            (key, source) -> {
              Map<String, Object> setting = new LinkedHashMap<>();
              setting.put("key", key);
              setting.put("source", source);
              setting.put("isSet", loaded.settings().find(key).isPresent());
              if (shown.containsKey(key)) {
                setting.put("value", shown.get(key));
              }
              all.add(setting);
            });
    return all;
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("bridge", Version.own());
    versions.put("camel", context.getVersion());
    for (String name : List.of("java.version", "java.vendor", "os.name", "os.version", "os.arch")) {
      versions.put(name, System.getProperty(name));
    }
    versions.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    versions.put("max-memory", Long.toString(Runtime.getRuntime().maxMemory()));
    return versions;
  }

  private List<Map<String, String>> routes() {
    return context.getRoutes().stream()
        .map(
            route ->
                Map.of(
                    "id", route.getRouteId(),
                    "state",
                        context.getRouteController().getRouteStatus(route.getRouteId()).name()))
        .toList();
  }

  /** For each car, how many descriptors came from where, and their names. */
  private List<Map<String, Object>> descriptors() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (NewestValues.Vehicle vehicle : journal.newest().vehicles()) {
      Map<String, List<String>> bySource =
          vehicle.values().values().stream()
              .collect(
                  Collectors.groupingBy(
                      CarEvent::source,
                      TreeMap::new,
                      Collectors.mapping(CarEvent::key, Collectors.toList())));
      Map<String, Object> counts = new TreeMap<>();
      bySource.forEach((source, keys) -> counts.put(source, keys.size()));
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("vehicle", vehicle.vin());
      one.put("counts", counts);
      one.put("names", bySource);
      all.add(one);
    }
    return all;
  }

  private boolean askMappings(String account) {
    ActionRequest request =
        ActionRequest.read("mappings", Map.of("account", account), null, clock.instant());
    try (ProducerTemplate template = context.createProducerTemplate()) {
      int code = template.requestBody("direct:rest-action", request, ActionReply.class).code();
      return code == 200;
    } catch (IOException | RuntimeException e) {
      LOG.debug("Asking for the cars of {}: {}", account, e.toString());
      return false;
    }
  }
}
