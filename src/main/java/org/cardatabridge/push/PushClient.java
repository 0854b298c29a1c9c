// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * How camel-http talks to a target of ours ({@code httpClientConfigurer}): one kept connection, its
 * own trust, no redirects, no cookies, and no more than the beginning of an answer, body or head.
 * Safe for use by many endpoints.
 *
 * <p>Retries are off because the journal tries again itself, and because the client would sleep
 * through a {@code Retry-After} by itself, which nobody could stop.
 */
public final class PushClient implements HttpClientConfigurer {

  private static final int CONNECT_SECONDS = 10;
  private static final int ANSWER_SECONDS = 30;
  private static final int HEAD_SECONDS = 60;
  private static final int MOST_HEADERS = 200;
  private static final int LONGEST_HEADER_BYTES = 16 * 1024;
  private static final int LONGEST_ANSWER_BYTES = 64 * 1024;
  private static final int IDLE_BEFORE_A_LOOK_SECONDS = 1;

  private final String setting;
  private final Path caFile;

  /**
   * For the endpoint of a sink, which trusts the JVM's authorities and those of {@code
   * cardata.sink.<name>.ca-file}.
   *
   * @param workDir the directory that a relative path starts from
   * @throws BadSettingException where the sink is switched on and the file is of no use
   */
  public PushClient(Settings settings, String sink, Path workDir) {
    String prefix = "cardata.sink." + sink + ".";
    setting = prefix + "ca-file";
    caFile = settings.find(setting).map(workDir::resolve).orElse(null);
    boolean enabled =
        settings.find(prefix + "enabled").filter("true"::equalsIgnoreCase).isPresent();
    if (enabled && caFile != null) {
      trust();
    }
  }

  /** Read when the first request is due: it takes a while. */
  private SSLContext trust() {
    try {
      return caFile == null ? SSLContext.getDefault() : new BmwTrust(setting, caFile).sslContext();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have TLS", e);
    }
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    ConnectionConfig connection =
        ConnectionConfig.custom()
            .setConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
            .setSocketTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
            // A connection that the target closed meanwhile would cost an attempt.
            .setValidateAfterInactivity(IDLE_BEFORE_A_LOOK_SECONDS, TimeUnit.SECONDS)
            .build();
    client
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust()))
                .setDefaultConnectionConfig(connection)
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder()
                        .http1Config(
                            Http1Config.custom()
                                .setMaxHeaderCount(MOST_HEADERS)
                                .setMaxLineLength(LONGEST_HEADER_BYTES)
                                .build())
                        .build())
                .build())
        .setConnectionManagerShared(false)
        .addExecInterceptorFirst(
            "short-answer",
            new ShortAnswer(
                Duration.ofSeconds(HEAD_SECONDS),
                LONGEST_ANSWER_BYTES,
                Duration.ofSeconds(ANSWER_SECONDS),
                System::nanoTime))
        .setUserAgent("cardata-bridge")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching();
  }
}
