// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.cardatabridge.auth.BmwHttp;
import org.cardatabridge.push.ShortAnswer;

/**
 * How camel-http talks to BMW's REST API ({@code httpClientConfigurer: "#restHttp"}): as to its
 * login server, and of an answer no more is read than an image may have. Safe for use by many
 * endpoints.
 */
public final class RestHttp implements HttpClientConfigurer {

  private static final Duration LONGEST_HEAD = Duration.ofSeconds(60);
  private static final Duration LONGEST_BODY = Duration.ofSeconds(60);

  private final BmwHttp bmw;

  /** For endpoints that trust what the login trusts. */
  public RestHttp(BmwHttp bmw) {
    this.bmw = bmw;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    bmw.configureHttpClient(client);
    client.addExecInterceptorFirst(
        "short-answer",
        // One byte more than may come tells that there was more.
        new ShortAnswer(LONGEST_HEAD, RestDecision.MOST_BYTES + 1, LONGEST_BODY, System::nanoTime));
  }
}
