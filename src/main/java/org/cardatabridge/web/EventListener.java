// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;

/** One listener of {@link EventStream}, which guards it. */
final class EventListener {

  private static final int MOST_AT_ONCE = 250;
  private static final int PORTION = 16 * 1024;
  private static final long COMMENT = Duration.ofSeconds(15).toNanos();
  private static final long STUCK = Duration.ofMinutes(1).toNanos();

  /** What a data point is newest of. */
  record Point(String vin, String key) {}

  /** A data point, written as text once for all who listen. */
  static final class Text {
    private final CarEvent event;
    private Buffer text;

    Text(CarEvent event) {
      this.event = event;
    }

    Buffer text() {
      if (text == null) {
        text = event("point", Buffer.buffer(CarEventJson.object(event)));
      }
      return text;
    }
  }

  private final HttpServerResponse response;
  private final String vin;
  private final Map<Point, Text> waiting = new LinkedHashMap<>();
  private Buffer status;
  private boolean hadStatus;
  private long commentAt;
  private long fullSince;
  private boolean wasFull;

  /**
   * Listens from now on.
   *
   * @param vin the only vehicle it hears of; null for all
   */
  EventListener(HttpServerResponse response, String vin, long now) {
    this.response = response;
    this.vin = vin;
    this.commentAt = now + COMMENT;
  }

  /** An event as it goes over the wire; the data have no line breaks. */
  static Buffer event(String name, Buffer data) {
    return Buffer.buffer(data.length() + 24)
        .appendString("event: " + name + "\ndata: ")
        .appendBuffer(data)
        .appendString("\n\n");
  }

  /** Tells how soon to come again. */
  void open() {
    response.write("retry: 2000\n\n");
  }

  /** Whether it never got a status. */
  boolean wantsStatus() {
    return !hadStatus;
  }

  /** The newest status; one that was not sent yet is forgotten. */
  void status(Buffer text) {
    status = text;
    hadStatus = true;
  }

  /** Newest values; those that were not sent yet are forgotten. */
  void add(Map<Point, Text> points) {
    if (vin == null) {
      waiting.putAll(points);
      return;
    }
    points.forEach(
        (point, text) -> {
          if (point.vin().equals(vin)) {
            waiting.put(point, text);
          }
        });
  }

  /** Sends as much as the reader takes; false where it has taken nothing for too long. */
  boolean flush(long now) {
    if (response.writeQueueFull()) {
      if (!wasFull) {
        wasFull = true;
        fullSince = now;
      }
      return now - fullSince < STUCK;
    }
    wasFull = false;
    Buffer out = Buffer.buffer();
    if (status != null) {
      out.appendBuffer(status);
      status = null;
    }
    int sent = 0;
    Iterator<Text> next = waiting.values().iterator();
    while (sent < MOST_AT_ONCE && next.hasNext() && out.length() < PORTION) {
      out.appendBuffer(next.next().text());
      next.remove();
      sent++;
    }
    if (now - commentAt >= 0) {
      out.appendString(":\n\n");
      commentAt = now + COMMENT;
    }
    if (out.length() > 0) {
      response.write(out);
    }
    return true;
  }

  /** How much waits to be sent. */
  int waiting() {
    return waiting.size();
  }

  /** Whether the reader did not take what it was sent before. */
  boolean isSlow() {
    return wasFull;
  }

  /** Ends the stream in order. */
  void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }

  /** Ends it without waiting for the reader. */
  void drop() {
    response.reset();
  }
}
