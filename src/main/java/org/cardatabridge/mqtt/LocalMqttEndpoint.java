// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Publishes to the local MQTT broker: {@code local-mqtt:publish} takes a {@link Publication} or a
 * list of them, {@code local-mqtt:my/topic} takes any body that can become a text or bytes. A route
 * that begins with {@code local-mqtt:my/topic} hears that topic, on the same connection; {@code +}
 * stands for any one level there.
 */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "local-mqtt",
    title = "Local MQTT",
    syntax = "local-mqtt:topic",
    category = {Category.MESSAGING, Category.IOT})
public final class LocalMqttEndpoint extends DefaultEndpoint {

  /** The path that leaves the topic to the body. */
  public static final String PUBLISH = "publish";

  /** Exchange property: true where {@code skipWhenDown} left the publications out. */
  public static final String SKIPPED = "cardata.skipped";

  @UriPath(description = "The topic; or publish, where each Publication in the body names its own")
  @Metadata(required = true)
  private final String topic;

  @UriParam(description = "Quality of service of a topic endpoint: 0, 1 or 2", defaultValue = "1")
  private int qos = 1;

  @UriParam(description = "Whether a topic endpoint's publications are retained")
  private boolean retain = true;

  @UriParam(
      description =
          "Leave out what comes while there is no connection, or what a broker that went away did not"
              + " confirm, instead of failing",
      defaultValue = "false")
  private boolean skipWhenDown;

  @UriParam(
      label = "consumer",
      description =
          "Also begin a run of the route, with an empty body, each time the connection stands and the"
              + " topic is subscribed to",
      defaultValue = "false")
  private boolean whenConnected;

  @UriParam(
      label = "consumer",
      description = "Also hear what the broker kept from before the topic was subscribed to",
      defaultValue = "true")
  private boolean retained = true;

  /** For the component. */
  LocalMqttEndpoint(String uri, LocalMqttComponent component, String topic) {
    super(uri, component);
    if (!TopicNames.isFilter(topic)) {
      throw new IllegalArgumentException(
          "reading " + uri + ": no topic — no # and control characters, + only as a whole level");
    }
    this.topic = topic;
  }

  @Override
  public LocalMqttComponent getComponent() {
    return (LocalMqttComponent) super.getComponent();
  }

  @Override
  public Producer createProducer() {
    if (!TopicNames.isPublishable(topic)) {
      throw new IllegalArgumentException(
          "publishing to local-mqtt:" + topic + ": no topic to publish on — no + in it");
    }
    return new LocalMqttProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (topic.equals(PUBLISH)) {
      throw new IllegalArgumentException(
          "reading from local-mqtt:publish: no topic to hear — name it in place of publish");
    }
    LocalMqttConsumer consumer = new LocalMqttConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  /** The topic, or {@link #PUBLISH}. */
  public String getTopic() {
    return topic;
  }

  /** Quality of service of a topic endpoint. */
  public int getQos() {
    return qos;
  }

  /** Sets the quality of service of a topic endpoint: 0, 1 or 2. */
  public void setQos(int qos) {
    this.qos = qos;
  }

  /** Whether a topic endpoint's publications are retained. */
  public boolean isRetain() {
    return retain;
  }

  /** Sets whether a topic endpoint's publications are retained. */
  public void setRetain(boolean retain) {
    this.retain = retain;
  }

  /** Whether to leave out what comes while there is no connection or is not confirmed. */
  public boolean isSkipWhenDown() {
    return skipWhenDown;
  }

  /** Sets whether to leave out what comes while there is no connection, instead of failing. */
  public void setSkipWhenDown(boolean skipWhenDown) {
    this.skipWhenDown = skipWhenDown;
  }

  /** Whether a route that reads also runs each time the connection stands. */
  public boolean isWhenConnected() {
    return whenConnected;
  }

  /** Sets whether a route that reads also runs, with an empty body, at each connection. */
  public void setWhenConnected(boolean whenConnected) {
    this.whenConnected = whenConnected;
  }

  /** Whether a route that reads also hears what the broker kept. */
  public boolean isRetained() {
    return retained;
  }

  /** Sets whether a route that reads also hears what the broker kept. */
  public void setRetained(boolean retained) {
    this.retained = retained;
  }
}
