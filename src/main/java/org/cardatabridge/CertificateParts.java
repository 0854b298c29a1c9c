// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.spi.Registry;
import org.cardatabridge.highmobility.Certificate;
import org.cardatabridge.highmobility.ClientIds;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.stream.BmwMqttClient;
import org.cardatabridge.stream.CredentialSource;
import org.cardatabridge.stream.ReceiptTime;
import org.cardatabridge.stream.StreamPolicy;
import org.cardatabridge.stream.StreamSession;
import org.cardatabridge.stream.StreamSettings;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.CertificateStatus;

/**
 * Everything that one certificate of High Mobility has for itself: its files, client and session.
 *
 * @param name as in {@code cardata.highmobility.accounts}
 * @param settings as it sees them
 * @param certificate empty where nothing comes by MQTT, as only its bucket is read
 */
record CertificateParts(
    String name,
    Settings settings,
    Optional<Certificate> certificate,
    BmwMqttClient client,
    StreamSession stream)
    implements Account {

  private static final String NO_MQTT =
      "Connecting to High Mobility: cardata.highmobility.enabled is off for this account — switch"
          + " it on";

  /**
   * Makes the parts of a certificate; nothing is read and nothing runs yet.
   *
   * @param trouble why the journal cannot keep messages, in one sentence; empty where it can
   * @param hide hears of ids before anything uses them
   * @param clientIds those of all accounts
   */
  static CertificateParts of(
      String name,
      LoadedSettings loaded,
      NewestValues newest,
      Supplier<Optional<String>> trouble,
      Clock clock,
      Consumer<String> hide,
      ClientIds clientIds) {
    Settings settings = loaded.settings().forAccount(name);
    StreamSettings streamSettings = StreamSettings.ofCertificate(settings);
    Optional<Certificate> certificate =
        settings.flag("cardata.highmobility.enabled")
            ? Optional.of(new Certificate(name, settings, loaded.workDir(), hide, clientIds, clock))
            : Optional.empty();
    BmwMqttClient client = BmwMqttClient.of(name, streamSettings, null);
    StreamSession stream =
        new StreamSession(
            name,
            streamSettings,
            client,
            certificate.<CredentialSource>map(c -> c).orElseGet(NoMqtt::new),
            () -> AccountFacts.isActive(newest, name),
            trouble,
            clock,
            System::nanoTime,
            new SharedRandom());
    return new CertificateParts(name, settings, certificate, client, stream);
  }

  private record NoMqtt() implements CredentialSource {
    @Override
    public Found look() {
      return Found.unusable(NO_MQTT);
    }

    @Override
    public void renew(String reason) {
      // Nothing is used that could be renewed.
    }
  }

  @Override
  public void bind(Registry registry) {
    registry.bind("highmobilityClient-" + name, client);
    registry.bind("stream-" + name, stream);
    registry.bind("received-" + name, new ReceiptTime(stream));
    registry.bind("streamPolicy-" + name, new StreamPolicy(stream, client));
  }

  @Override
  public AccountStatus status() {
    return AccountStatus.ofCertificate(
        name, certificate.map(this::shown).orElse(null), streamStatus());
  }

  private CertificateStatus shown(Certificate from) {
    Certificate.Standing standing = from.standing(stream.status().state().isSubscribed());
    return new CertificateStatus(
        standing.state().text(), standing.until(), standing.text(), from.paths());
  }

  @Override
  public Set<String> ids() {
    return certificate
        .map(Certificate::ids)
        .orElseGet(
            () ->
                Stream.of("app-id", "client-id")
                    .flatMap(key -> settings.find("cardata.highmobility." + key).stream())
                    .collect(Collectors.toSet()));
  }
}
