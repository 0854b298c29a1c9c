// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/**
 * Stands behind all routes while they are loaded: what no route serves yet is asked for again in a
 * second, by a browser itself. Stateless.
 */
final class Opening implements Handler<RoutingContext> {

  private static final int NOT_YET = 503;
  private static final String AGAIN_AFTER = "1";
  private static final String SENTENCE =
      "Asking the bridge: it is starting — ask again in a second";

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="refresh" content="%s">
      <title>cardata-bridge</title>
      <p>The bridge is starting. This page looks again by itself.</p>
      <p lang="de">Die Bridge startet. Diese Seite sieht von selbst wieder nach.</p>
      </html>
      """
          .formatted(AGAIN_AFTER);

  @Override
  public void handle(RoutingContext context) {
    context.response().putHeader(HttpHeaders.RETRY_AFTER, AGAIN_AFTER);
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accepted != null && accepted.toLowerCase(Locale.ROOT).contains("text/html")) {
      context
          .response()
          .setStatusCode(NOT_YET)
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
          .end(PAGE);
    } else {
      Guard.refuse(context, NOT_YET, SENTENCE);
    }
  }
}
