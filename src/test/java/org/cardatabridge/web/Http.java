// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A client that sends exactly the headers it is told to, also those the JDK's client refuses. */
final class Http {

  /** What came back. */
  record Reply(int code, List<String> headers, String body) {
    String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ": ";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst()
          .orElse(null);
    }
  }

  private final int port;

  Http(int port) {
    this.port = port;
  }

  Reply get(String path, String... headers) throws IOException {
    return send("GET", path, "localhost:" + port, "", headers);
  }

  Reply post(String path, String... headers) throws IOException {
    return send("POST", path, "localhost:" + port, "", headers);
  }

  Reply send(String method, String path, String host, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    if (host != null) {
      request.append("Host: ").append(host).append("\r\n");
    }
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    request.append("Content-Length: ").append(body.length()).append("\r\n");
    request.append("Connection: close\r\n\r\n").append(body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(40_000);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
      return parsed(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Reply parsed(String text) {
    int split = text.indexOf("\r\n\r\n");
    List<String> head = Arrays.asList(text.substring(0, split).split("\r\n"));
    return new Reply(
        Integer.parseInt(head.get(0).split(" ")[1]),
        head.subList(1, head.size()),
        text.substring(split + 4));
  }
}
