// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;

/**
 * The messages in an object, one after the other and as they came, however large it is: those of an
 * array, those of an array inside an object, one alone, or several with nothing or line ends
 * between them; gzipped or not. Ends at the first thing that cannot be read; {@link #check} then
 * says what it was. For one thread.
 */
final class ObjectMessages implements Iterator<byte[]>, AutoCloseable {

  static final int MEGABYTE = 1024 * 1024;

  /** The largest object that is read, as it is and unpacked, in bytes. */
  static final long MOST = 50L * MEGABYTE;

  /** The largest message that is read, in bytes. */
  static final int MOST_A_MESSAGE = 5 * MEGABYTE;

  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> OF_A_MESSAGE = Set.of("data", "vin", "message_id", "capability");
  private static final Set<String> OF_ONE = Set.of("vin", "message_id", "capability");
  private static final Set<String> OF_AN_EXPORT = Set.of("vehicle", "key", "received", "source");

  private final Source source;
  private final BooleanSupplier stopping;
  private JsonParser parser;
  private Tape tape;
  private byte[] next;
  private boolean begun;
  private boolean insideList;
  private boolean insideObject;
  private boolean known;
  private RuntimeException trouble;

  /**
   * Reads nothing yet.
   *
   * @param in where it comes from; is closed with this
   * @param size how many bytes are to come; negative where that is not known
   * @param stopping whether to end early, as the bridge does
   */
  ObjectMessages(InputStream in, long size, BooleanSupplier stopping) {
    this.source = new Source(in, size);
    this.stopping = stopping;
    if (size > MOST) {
      trouble =
          new PoisonObjectException(
              "it has " + size / MEGABYTE + " MB, and at most " + MOST / MEGABYTE + " are read");
    }
  }

  @Override
  public boolean hasNext() {
    if (next == null && trouble == null) {
      advance();
    }
    return next != null;
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    byte[] message = next;
    next = null;
    return message;
  }

  /**
   * Returns where all was read.
   *
   * @throws PoisonObjectException where a part of it never will be
   * @throws BucketAwayException where the rest may come at another time
   */
  void check() {
    if (trouble != null) {
      throw trouble;
    }
  }

  private void advance() {
    if (stopping.getAsBoolean()) {
      trouble = new BucketAwayException("Reading an object: the bridge is ending");
      return;
    }
    try {
      if (!begun) {
        begun = true;
        tape = new Tape(unpacked(), MOST, MOST_A_MESSAGE);
        parser = JSON.createParser(tape);
      }
      next = read();
    } catch (PoisonObjectException e) {
      trouble = e;
    } catch (IOException | RuntimeException e) {
      trouble = explained(e);
    }
  }

  private RuntimeException explained(Exception error) {
    if (source.isBroken()) {
      return new BucketAwayException(
          "Reading an object: its bytes ended too early — it is read again", error);
    }
    if (error instanceof JsonProcessingException) {
      return new PoisonObjectException("it is no JSON", error);
    }
    return new PoisonObjectException("it is not gzipped as it says", error);
  }

  private InputStream unpacked() throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(source);
    bytes.mark(2);
    boolean gzipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
    bytes.reset();
    return gzipped ? new GZIPInputStream(bytes, 8192) : bytes;
  }

  /** The next message; null at the end. */
  private byte[] read() throws IOException {
    while (true) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        source.checkSize();
        return null;
      }
      if (insideList) {
        if (token == JsonToken.END_ARRAY) {
          insideList = false;
          continue;
        }
        return element(token);
      }
      if (insideObject) {
        if (token == JsonToken.END_OBJECT) {
          insideObject = false;
        } else if (parser.nextToken() == JsonToken.START_ARRAY) {
          insideList = true;
        } else {
          parser.skipChildren();
        }
        continue;
      }
      if (token == JsonToken.START_ARRAY) {
        insideList = true;
        continue;
      }
      byte[] message = element(token);
      if (message != null) {
        return message;
      }
    }
  }

  /** A message, or null for an object with a list, whose elements come next. */
  private byte[] element(JsonToken first) throws IOException {
    long begin = parser.currentTokenLocation().getByteOffset();
    if (begin < 0) {
      throw new PoisonObjectException("it is no UTF-8");
    }
    tape.forget(begin);
    Set<String> names = new HashSet<>();
    if (first == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (names.size() < OF_AN_EXPORT.size() * 8) {
          names.add(parser.currentName());
        }
        boolean isList = parser.nextToken() == JsonToken.START_ARRAY;
        if (isList && !insideList && names.stream().noneMatch(OF_ONE::contains)) {
          insideObject = true;
          insideList = true;
          return null;
        }
        parser.skipChildren();
      }
    } else {
      parser.skipChildren();
      // A number at the very end has its end behind it only.
      parser.finishToken();
    }
    long end = parser.currentLocation().getByteOffset();
    if (!known) {
      check(names);
      known = true;
    }
    return tape.part(begin, end);
  }

  /** What begins like messages of High Mobility holds nothing else; the decoder judges the rest. */
  private static void check(Set<String> names) {
    if (names.containsAll(OF_AN_EXPORT)) {
      throw new PoisonObjectException(
          "it is an export of a bridge — have the sink s3 or file write to another place");
    }
    if (names.stream().noneMatch(OF_A_MESSAGE::contains)) {
      throw new PoisonObjectException(
          "it holds no messages of High Mobility — set cardata.highmobility.s3.prefix where others"
              + " write to the bucket too");
    }
  }

  /** Ends the download, also in its middle. */
  @Override
  public void close() {
    source.end();
  }
}
