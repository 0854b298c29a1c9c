// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A target that is an HTTP server of this process, at the same port after each start. */
abstract class HttpTarget implements SinkTarget {

  private final String path;
  private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private HttpServer server;

  /** Starts it; what comes below the path is handed to {@link #take}. */
  HttpTarget(String path) throws IOException {
    this.path = path;
    start();
  }

  /** Answers one request, on a thread of the server's. */
  protected abstract void take(HttpExchange exchange) throws IOException;

  /** Its address without a path. */
  protected final String url() {
    return "http://127.0.0.1:" + address.getPort();
  }

  @Override
  public final void stop() {
    server.stop(1);
  }

  @Override
  public final void kill() {
    server.stop(0);
  }

  @Override
  public final void start() throws IOException {
    server = HttpServer.create(address, 0);
    address = server.getAddress();
    server.createContext(path, this::answer);
    server.start();
  }

  @Override
  public final void close() {
    kill();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      take(exchange);
    }
  }
}
