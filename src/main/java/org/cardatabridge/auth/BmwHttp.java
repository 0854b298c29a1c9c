// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.util.List;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * How camel-http talks to BMW ({@code httpClientConfigurer: "#bmwHttp"}): our trust, one request
 * and one connection for one question, no redirects, no cookies; and what came back, for {@code
 * routes/auth-http.camel.yaml}. Safe for use by many endpoints.
 *
 * <p>Not {@code sslContextParameters}, because that makes camel-http speak TLS to an {@code
 * http://} address too. Retries are off because a refresh that is sent twice kills its token, and
 * because the client would sleep through a {@code Retry-After} by itself. A connection kept for the
 * next hour's question would be dead by then.
 */
public final class BmwHttp implements HttpClientConfigurer {

  private final BmwTrust trust;

  /** For endpoints that trust exactly these authorities. */
  public BmwHttp(BmwTrust trust) {
    this.trust = trust;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    client
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust.sslContext()))
                .build())
        .setConnectionManagerShared(false)
        .setDefaultHeaders(List.of(new BasicHeader("Accept", "application/json")))
        .setUserAgent("cardata-bridge")
        .setConnectionReuseStrategy((request, response, context) -> false)
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching();
  }

  /**
   * A reply of whatever status.
   *
   * @param status null where the server sent none
   * @param retryAfter the header; null where the server sent none
   * @param body null where the server sent none
   */
  public HttpReply reply(Integer status, String retryAfter, byte[] body) {
    return HttpReply.of(status == null ? 0 : status, retryAfter, body);
  }

  /** That none came, and why. */
  public HttpReply noReply(Exception cause) {
    return HttpReply.none(cause);
  }
}
