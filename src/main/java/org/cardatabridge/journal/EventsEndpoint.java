// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.cardatabridge.settings.Settings;

/** Publish data points to the journal, or read them from it at a sink's own pace. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "events",
    title = "Events",
    syntax = "events:name",
    remote = false,
    category = {Category.MESSAGING, Category.IOT})
public final class EventsEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

  private static final String POINTS = "points";
  private static final String MESSAGES = "messages";
  private static final String NOT_AT_ALL = "0";

  @UriPath(
      description =
          "publish to write; any other name (a-z, 0-9, -) reads under this name, which keeps its own"
              + " position")
  @Metadata(required = true)
  private final String name;

  @UriParam(
      label = "consumer",
      defaultValue = "points",
      enums = "points,messages",
      description =
          "points: one CarEvent after the other, without duplicates; messages: each received message"
              + " with its bytes, duplicates and unreadable ones too")
  private String of = POINTS;

  @UriParam(
      label = "consumer",
      defaultValue = "now",
      description =
          "Where a name without a position begins: now, beginning (the oldest kept), or an ISO 8601"
              + " time of receipt such as 2026-01-31T12:00:00Z")
  private String from = "now";

  @UriParam(
      label = "consumer",
      defaultValue = "1",
      description =
          "Above 1 the body is a list of up to so many, as many as there are; with gather it waits"
              + " for more")
  private int batch = 1;

  @UriParam(
      label = "consumer",
      defaultValue = "0",
      description =
          "How long the oldest of a batch may wait for the batch to be full, from its receipt on, such"
              + " as 15m; 0: not at all. What waits stays in the journal")
  private String gather = NOT_AT_ALL;

  EventsEndpoint(String uri, EventsComponent component, String name) {
    super(uri, component);
    this.name = name;
  }

  void check() {
    if (!of.equals(POINTS) && !of.equals(MESSAGES)) {
      throw refused("of", of, "points or messages");
    }
    if (batch < 1) {
      throw refused("batch", Integer.toString(batch), "a whole number from 1 on");
    }
    if (!gather.equals(NOT_AT_ALL) && Settings.parseDuration(gather).isEmpty()) {
      throw refused("gather", gather, "a duration such as 15m, or 0");
    }
    if (isOfMessages() && batch > 1) {
      throw refused("batch", Integer.toString(batch), "1 together with of=messages");
    }
    if (!from.equals("now") && !from.equals("beginning")) {
      try {
        Instant.parse(from);
      } catch (DateTimeParseException e) {
        throw refused("from", from, "now, beginning or a time such as 2026-01-31T12:00:00Z");
      }
    }
  }

  private IllegalArgumentException refused(String option, String got, String takes) {
    return new IllegalArgumentException(
        "Reading events:" + name + ": option " + option + " got '" + got + "', takes " + takes);
  }

  @Override
  public Producer createProducer() {
    if (!name.equals(EventsComponent.PUBLISH)) {
      throw new IllegalArgumentException(
          "Writing to events:" + name + ": only events:publish can be written to");
    }
    return new EventsProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (name.equals(EventsComponent.PUBLISH)) {
      throw new IllegalArgumentException(
          "Reading events:publish: that name is for writing — choose another one for this sink");
    }
    EventsConsumer consumer = new EventsConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  /** So that our own sentence refuses a second route, whatever its options. */
  @Override
  public boolean isMultipleConsumersSupported() {
    return true;
  }

  @Override
  public EventsComponent getComponent() {
    return (EventsComponent) super.getComponent();
  }

  Journal journal() {
    return getComponent().getJournal();
  }

  boolean isOfMessages() {
    return of.equals(MESSAGES);
  }

  /** The name behind the scheme. */
  public String getName() {
    return name;
  }

  Duration longestGather() {
    return Settings.parseDuration(gather).orElse(Duration.ZERO);
  }

  /** How long the oldest of a batch may wait for it to be full: {@code 15m}, or {@code 0}. */
  public String getGather() {
    return gather;
  }

  /** Sets how long the oldest of a batch may wait for it to be full. */
  public void setGather(String gather) {
    this.gather = gather;
  }

  /** {@code points} or {@code messages}. */
  public String getOf() {
    return of;
  }

  /** Sets what is handed over: {@code points} or {@code messages}. */
  public void setOf(String of) {
    this.of = of;
  }

  /** Where a name without a position begins. */
  public String getFrom() {
    return from;
  }

  /** Sets where a name without a position begins. */
  public void setFrom(String from) {
    this.from = from;
  }

  /** How many data points are handed over at most. */
  public int getBatch() {
    return batch;
  }

  /** Sets how many data points are handed over at most. */
  public void setBatch(int batch) {
    this.batch = batch;
  }
}
