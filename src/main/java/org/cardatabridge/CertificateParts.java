// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.spi.Registry;
import org.cardatabridge.journal.NewestValues;
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
 * @param hasStream whether anything comes by MQTT; otherwise only its bucket is read
 */
record CertificateParts(String name, boolean hasStream, BmwMqttClient client, StreamSession stream)
    implements Account {

  /**
   * Makes the parts of a certificate; nothing is read and nothing runs yet.
   *
   * @param trouble why the journal cannot keep messages, in one sentence; empty where it can
   */
  static CertificateParts of(
      String name,
      Settings all,
      NewestValues newest,
      Supplier<Optional<String>> trouble,
      Clock clock) {
    Settings settings = all.forAccount(name);
    StreamSettings streamSettings = StreamSettings.ofCertificate(settings);
    BmwMqttClient client = BmwMqttClient.of(name, streamSettings, null);
    StreamSession stream =
        new StreamSession(
            name,
            streamSettings,
            client,
            new NoFiles(),
            () -> AccountFacts.isActive(newest, name),
            trouble,
            clock,
            System::nanoTime,
            new SharedRandom());
    return new CertificateParts(
        name, settings.flag("cardata.highmobility.enabled"), client, stream);
  }

  private record NoFiles() implements CredentialSource {
    @Override
    public Found look() {
      return Found.unusable("Reading the certificate: not there yet — wait");
    }

    @Override
    public void renew(String reason) {
      // A person has to.
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
        name, hasStream ? new CertificateStatus("unusable", null, null) : null, streamStatus());
  }

  @Override
  public Set<String> ids() {
    return Set.of();
  }
}
