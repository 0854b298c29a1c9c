// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authorisation server that gives the answers it was told, in turn, and remembers requests. */
final class FakeLoginServer implements AutoCloseable {

  /** One request as it came. */
  record Request(String path, Map<String, String> headers, Map<String, String> form) {}

  /** One answer to give; a null body resets the connection. */
  record Reply(int status, String body, Map<String, String> headers) {
    static Reply of(int status, String body) {
      return new Reply(status, body, Map.of());
    }

    static Reply reset() {
      return new Reply(0, null, Map.of());
    }
  }

  static final String SCOPE = "authenticate_user openid cardata:api:read cardata:streaming:read";

  private final HttpServer server;
  private final String base;
  private final X509Certificate certificate;
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What happens between a request and its answer. */
  volatile Runnable meanwhile = () -> {};

  private FakeLoginServer(HttpServer server, String scheme, X509Certificate certificate) {
    this.server = server;
    this.certificate = certificate;
    base = scheme + "://localhost:" + server.getAddress().getPort();
    server.createContext("/", this::handle);
    server.start();
  }

  static FakeLoginServer plain() throws IOException {
    return new FakeLoginServer(HttpServer.create(free(), 0), "http", null);
  }

  static FakeLoginServer tls() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    X500Name name = new X500Name("CN=localhost");
    Instant now = Instant.now();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        name,
                        keys.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("key", keys.getPrivate(), new char[0], new Certificate[] {certificate});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(free(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new FakeLoginServer(server, "https", certificate);
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  String base() {
    return base;
  }

  Path writeCertificate(Path file) throws Exception {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    return Files.writeString(file, pem);
  }

  FakeLoginServer reply(Reply reply) {
    replies.add(reply);
    return this;
  }

  FakeLoginServer reply(int status, String body) {
    return reply(Reply.of(status, body));
  }

  /** The requests that carried a grant of this kind. */
  List<Request> grants(String grant) {
    List<Request> found = new ArrayList<>();
    for (Request request : requests) {
      if (grant.equals(request.form().get("grant_type"))) {
        found.add(request);
      }
    }
    return found;
  }

  static String code(String userCode) {
    return """
        {"user_code":"%s","device_code":"DEVICE-CODE-SECRET-%s","interval":5,"expires_in":300,
         "verification_uri":"https://login.example.org/link",
         "verification_uri_complete":"https://login.example.org/link?user_code=%s"}"""
        .formatted(userCode, userCode, userCode);
  }

  static String tokens(String generation, Instant expires) {
    return """
        {"gcid":"GCID-SECRET","token_type":"Bearer","access_token":"ACCESS-SECRET-%s",
         "refresh_token":"REFRESH-SECRET-%s","scope":"%s","expires_in":3599,"id_token":"%s"}"""
        .formatted(generation, generation, SCOPE, idToken(generation, expires));
  }

  static String idToken(String generation, Instant expires) {
    return jwt(
        """
        {"sub":"SUBJECT-SECRET","gcid":"GCID-SECRET","iat":%d,"exp":%d,"n":"%s",
         "dynamic_scopes":"read:streaming/*/GCID-SECRET.*"}"""
            .formatted(
                expires.minusSeconds(3600).getEpochSecond(), expires.getEpochSecond(), generation));
  }

  static String jwt(String claims) {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".SIGNATURE-SECRET";
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((k, v) -> headers.put(k, String.join(",", v)));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(new Request(exchange.getRequestURI().toString(), headers, form(body)));
    meanwhile.run();
    Reply reply = replies.poll();
    if (reply == null) {
      reply = Reply.of(500, "nobody told me what to answer");
    }
    if (reply.body() == null) {
      // The JDK's server drops the connection when a handler throws before it answered.
      throw new IOException("reset on demand");
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&")) {
      int at = field.indexOf('=');
      if (at > 0) {
        form.put(
            URLDecoder.decode(field.substring(0, at), StandardCharsets.UTF_8),
            URLDecoder.decode(field.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
