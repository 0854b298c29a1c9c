// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Reads the beginning of an answer's body and hangs up on the rest: a body without an end would
 * fill the memory, and one that drips would hold the sink. So would a head that drips: where it is
 * not there in time, the connection is closed. Safe for use by many threads.
 */
public final class ShortAnswer implements ExecChainHandler {

  private static final int BUFFER = 8 * 1024;

  private final Duration longestHead;
  private final int most;
  private final long longestNanos;
  private final LongSupplier nanoTime;

  /**
   * With limits.
   *
   * @param longestHead how long it may take from the first byte sent until all headers are there
   * @param most bytes of an unpacked body
   * @param longest how long a body may take, apart from the read under way
   */
  public ShortAnswer(Duration longestHead, int most, Duration longest, LongSupplier nanoTime) {
    this.longestHead = longestHead;
    this.most = most;
    this.longestNanos = longest.toNanos();
    this.nanoTime = nanoTime;
  }

  /** The answer with what was read of its body, all of which is in memory. */
  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    ClassicHttpResponse response = head(request, scope, chain);
    HttpEntity body = response.getEntity();
    if (body != null) {
      response.setEntity(
          new ByteArrayEntity(
              beginning(body, scope), ContentType.parseLenient(body.getContentType())));
    }
    return response;
  }

  private ClassicHttpResponse head(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    AtomicBoolean isLate = new AtomicBoolean();
    CompletableFuture<Void> there =
        new CompletableFuture<Void>().orTimeout(longestHead.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> watch =
        there.exceptionally(
            timeout -> {
              isLate.set(true);
              // From another thread, as this one waits for the next byte.
              scope.execRuntime.discardEndpoint();
              return null;
            });
    try {
      return chain.proceed(request, scope);
    } catch (IOException | RuntimeException e) {
      if (isLate.get()) {
        throw new IOException(
            "the headers of the answer were not there after " + longestHead.toSeconds() + " s", e);
      }
      throw e;
    } finally {
      there.complete(null);
      watch.join();
    }
  }

  private byte[] beginning(HttpEntity body, ExecChain.Scope scope) throws IOException {
    InputStream in = body.getContent();
    byte[] read = new byte[BUFFER];
    int size = 0;
    long begun = nanoTime.getAsLong();
    while (true) {
      int more = in.read(read, size, read.length - size);
      if (more < 0) {
        in.close();
        return Arrays.copyOf(read, size);
      }
      size += more;
      if (size == most || nanoTime.getAsLong() - begun > longestNanos) {
        // Closing the stream would read to its end.
        scope.execRuntime.discardEndpoint();
        return Arrays.copyOf(read, size);
      }
      if (size == read.length) {
        read = Arrays.copyOf(read, Math.min(most, 2 * size));
      }
    }
  }
}
