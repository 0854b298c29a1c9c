// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Message;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Ties the ingest route of an account to its session (bean {@code streamPolicy-<account>}): who
 * starts the route connects, who stops it says goodbye to BMW, and a message on which the route
 * fails gives its place in flight back. Camel's consumer only reports success.
 */
public final class StreamPolicy extends RoutePolicySupport {

  private final StreamSession session;
  private final BmwMqttClient client;

  /** Makes the policy of one account. */
  public StreamPolicy(StreamSession session, BmwMqttClient client) {
    this.session = session;
    this.client = client;
  }

  @Override
  public void onStart(Route route) {
    session.start();
  }

  @Override
  public void onStop(Route route) {
    session.stop();
  }

  @Override
  public void onSuspend(Route route) {
    session.stop();
  }

  @Override
  public void onResume(Route route) {
    session.start();
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    if (exchange.getIn() instanceof PahoMqtt5Message message) {
      int number = message.getMqttMessage().getId();
      exchange
          .getExchangeExtension()
          .addOnCompletion(
              new SynchronizationAdapter() {
                @Override
                public void onFailure(Exchange failed) {
                  client.messageFailed(number);
                }
              });
    }
  }
}
