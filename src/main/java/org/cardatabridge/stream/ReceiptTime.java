// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;

/**
 * The expression {@code received-<account>} of the ingest route: when a message came, by the
 * session's clock. A {@code method} expression would copy the exchange to ask. Safe for use by many
 * threads.
 */
public final class ReceiptTime extends ExpressionAdapter {

  private final StreamSession session;

  /** By the clock of this session. */
  public ReceiptTime(StreamSession session) {
    this.session = session;
  }

  @Override
  public Object evaluate(Exchange exchange) {
    return session.received();
  }
}
