// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.cardatabridge.settings.Settings;

/** Takes an object apart. The bean {@code bucketReader}; for one thread at a time. */
public final class ObjectReader {

  private static final String SIZE = "CamelAwsS3ContentLength";
  private static final String MODIFIED = "CamelAwsS3LastModified";
  private static final String OPEN = "cardata.bucket.messages";

  private final String account;
  private final Clock clock;
  private final BooleanSupplier stopping;
  private ObjectMessages open;

  /**
   * For the first account of {@code cardata.highmobility.accounts}.
   *
   * @param stopping is asked before each message whether the bridge ends
   */
  public ObjectReader(Settings settings, Clock clock, BooleanSupplier stopping) {
    this.account =
        settings.list("cardata.highmobility.accounts").stream().findFirst().orElse("highmobility");
    this.clock = clock;
    this.stopping = stopping;
  }

  /** The account that the messages belong to. */
  public String account() {
    return account;
  }

  /**
   * What stands for a topic: the object's date and file name, without the application's id, such as
   * {@code s3:2026-11-22-101500-0a1b.json}. Without a slash, as behind one a VIN is looked for.
   */
  public String topic(Exchange exchange) {
    String key = exchange.getMessage().getHeader(BucketWalk.KEY, "", String.class);
    return "s3:" + ObjectName.of(key).shown().replaceAll("[/+#]", "-");
  }

  /**
   * When High Mobility wrote the object, which stands for the time of receipt: a message without a
   * time that waited in the bucket must not look new. Never later than now.
   */
  public Instant written(Exchange exchange) {
    Instant now = clock.instant();
    Instant modified = now;
    Object header = exchange.getMessage().getHeader(MODIFIED);
    if (header instanceof Instant time) {
      modified = time;
    } else if (header != null) {
      try {
        modified = Instant.parse(header.toString());
      } catch (DateTimeParseException e) {
        return now;
      }
    }
    return modified.isBefore(now) && modified.isAfter(Instant.EPOCH) ? modified : now;
  }

  /**
   * The messages of the object whose bytes are the body, which are read as they are asked for. Ends
   * where one cannot be read; {@link #end} says so.
   */
  public Iterator<byte[]> messages(Exchange exchange) {
    close();
    InputStream bytes = exchange.getMessage().getBody(InputStream.class);
    long size = exchange.getMessage().getHeader(SIZE, -1L, Long.class);
    open =
        new ObjectMessages(bytes == null ? InputStream.nullInputStream() : bytes, size, stopping);
    exchange.setProperty(OPEN, open);
    return open;
  }

  /**
   * Returns where the whole object was read.
   *
   * @throws PoisonObjectException where it cannot be, whenever it is tried
   * @throws BucketAwayException where it is to be tried again
   */
  public void end(Exchange exchange) {
    ObjectMessages messages = exchange.getProperty(OPEN, ObjectMessages.class);
    close();
    if (messages != null) {
      messages.check();
    }
  }

  /** Ends what is still open. */
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
