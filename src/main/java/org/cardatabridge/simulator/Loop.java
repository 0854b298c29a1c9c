// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which all of a simulator happens, so that none of its parts needs a lock. Safe
 * for use by many threads.
 */
final class Loop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long PATIENCE_SECONDS = 30;

  private final Vertx vertx;
  private final Context context;

  Loop() {
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    vertx.exceptionHandler(e -> LOG.debug("Handling a packet or request failed", e));
    context = vertx.getOrCreateContext();
  }

  Vertx vertx() {
    return vertx;
  }

  /** Runs work on the thread and waits for its result; its exceptions come out unchanged. */
  <T> T call(Callable<T> work) {
    return await(
        () -> {
          try {
            return Future.succeededFuture(work.call());
          } catch (Exception e) {
            return Future.failedFuture(e);
          }
        });
  }

  /** Starts work on the thread and waits until what it promised has come. */
  <T> T await(Callable<Future<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          try {
            work.call().onSuccess(result::complete).onFailure(result::completeExceptionally);
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return wait(result);
  }

  private static <T> T wait(CompletableFuture<T> result) {
    try {
      return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("waiting for the simulator: interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "waiting for the simulator: no answer in " + PATIENCE_SECONDS + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("running the simulator: " + e.getCause().getMessage(), e);
    }
  }

  /** Ends every timer, server and connection, and the thread. */
  @Override
  public void close() {
    wait(vertx.close().toCompletionStage().toCompletableFuture());
  }
}
