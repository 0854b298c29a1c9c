// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** TLS with the three files of a client certificate, read by a library that is not ours. */
final class HighMobilityClient {

  private HighMobilityClient() {}

  /** The first application with a key that is made in no time. */
  static HighMobilityConfig quick() {
    CertificateOrder order = CertificateOrder.good().withKey(KeyForm.EC);
    return HighMobilityConfig.of(HighMobilityApp.first().withCertificate(order));
  }

  /** A raw client that has connected with its certificate's id. */
  static RawMqtt connected(HighMobility hm, int level, boolean clean, int... properties)
      throws Exception {
    RawMqtt client = raw(hm, level);
    RawMqtt.Packet answer = client.connect(hm.clientId(), null, null, clean, properties);
    if (answer.at(1) != 0) {
      throw new AssertionError("CONNACK " + answer.at(1));
    }
    return client;
  }

  static RawMqtt raw(HighMobility hm, int level, String... tls) throws Exception {
    return new RawMqtt(hm.host(), hm.port(), tls(hm.files()), level, tls);
  }

  static SSLContext tls(ClientFiles files) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client", key(files), new char[0], new Certificate[] {certificate(files.certificate())});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    return context(files.ca(), keys);
  }

  /** TLS of a client that has no certificate. */
  static SSLContext withoutCertificate(ClientFiles files) throws Exception {
    return context(files.ca(), null);
  }

  private static SSLContext context(Path ca, KeyManagerFactory keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificate(ca));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  static X509Certificate certificate(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  static PrivateKey key(ClientFiles files) throws Exception {
    try (Reader reader = Files.newBufferedReader(files.key());
        PEMParser parser = new PEMParser(reader)) {
      Object read = parser.readObject();
      PrivateKeyInfo info =
          read instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) read;
      return new JcaPEMKeyConverter().getPrivateKey(info);
    }
  }

  /** Topic of a PUBLISH. */
  static String topic(RawMqtt.Packet publish) {
    int length = publish.at(0) << 8 | publish.at(1);
    return new String(publish.body(), 2, length, java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Payload of a PUBLISH without properties. */
  static String text(RawMqtt.Packet publish, int level) {
    int start = 2 + (publish.at(0) << 8 | publish.at(1));
    start += (publish.qos() > 0 ? 2 : 0) + (level >= 5 ? 1 : 0);
    byte[] rest = Arrays.copyOfRange(publish.body(), start, publish.body().length);
    return new String(rest, java.nio.charset.StandardCharsets.UTF_8);
  }

  /** The lines of a PEM file without what stands around them. */
  static String stripped(Path file) throws Exception {
    try (var lines = Files.lines(file)) {
      return lines.map(String::strip).filter(l -> !l.isEmpty()).collect(Collectors.joining("\n"));
    }
  }
}
