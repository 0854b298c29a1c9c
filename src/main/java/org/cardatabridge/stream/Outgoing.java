// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one connection says to the broker: Paho's packets, and acknowledgements, which Paho would
 * send one by one, each with a packet, a TLS record and a system call of its own. Here those that
 * wait go out together, in their order, on a thread of their own. Nothing follows a DISCONNECT.
 *
 * <p>Safe for use by many threads. An acknowledgement that cannot be sent is dropped: its message
 * comes again.
 */
final class Outgoing extends FilterOutputStream {

  private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);
  private static final int DISCONNECT = 0xE0;
  private static final byte PUBACK = 0x40;
  private static final byte PUBACK_LENGTH = 2;

  private final CountDownLatch firstWrite;
  private final CountDownLatch lastWord;
  private final Object writing = new Object();

  // Guarded by this.
  private byte[] waiting = new byte[256];
  private int length;
  private boolean started;
  private boolean ended;

  private volatile Thread speaker;

  /**
   * Writes to the stream; no thread runs until the first acknowledgement.
   *
   * @param firstWrite is counted down when something is said
   * @param lastWord is counted down when DISCONNECT is out
   */
  Outgoing(OutputStream out, CountDownLatch firstWrite, CountDownLatch lastWord) {
    super(out);
    this.firstWrite = firstWrite;
    this.lastWord = lastWord;
  }

  /** Acknowledges a message of QoS 1 by its packet id; returns at once. */
  synchronized void acknowledge(int packetId) {
    if (ended) {
      return;
    }
    if (length == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * length);
    }
    waiting[length++] = PUBACK;
    waiting[length++] = PUBACK_LENGTH;
    waiting[length++] = (byte) (packetId >> 8);
    waiting[length++] = (byte) packetId;
    if (!started) {
      started = true;
      Thread sender = new Thread(this::sendAcknowledgements, "mqtt-acknowledge");
      sender.setDaemon(true);
      sender.start();
    }
    notifyAll();
  }

  /** Ends the thread; acknowledgements that wait are dropped. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** The thread that Paho sends its packets on; null before the first. */
  Thread speaker() {
    return speaker;
  }

  private void sendAcknowledgements() {
    try {
      while (awaitAcknowledgement()) {
        synchronized (writing) {
          writeAcknowledgements();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.debug("Acknowledging to the broker: {} — the messages come again", e.getMessage());
      end();
    }
  }

  private synchronized boolean awaitAcknowledgement() throws InterruptedException {
    while (length == 0 && !ended) {
      wait();
    }
    return !ended;
  }

  private void writeAcknowledgements() throws IOException {
    byte[] taken;
    synchronized (this) {
      taken = Arrays.copyOf(waiting, length);
      length = 0;
    }
    if (taken.length > 0 && lastWord.getCount() > 0) {
      out.write(taken, 0, taken.length);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int count) throws IOException {
    speaker = Thread.currentThread();
    firstWrite.countDown();
    boolean goodbye = count <= 4 && (buffer[offset] & 0xFF) == DISCONNECT;
    synchronized (writing) {
      if (lastWord.getCount() == 0) {
        // MQTT allows nothing behind DISCONNECT; a late acknowledgement is one too many.
        return;
      }
      if (goodbye) {
        writeAcknowledgements();
      }
      out.write(buffer, offset, count);
      if (goodbye) {
        lastWord.countDown();
      }
    }
  }
}
