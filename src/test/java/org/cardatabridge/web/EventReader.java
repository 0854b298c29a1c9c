// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A browser's side of a stream of server-sent events: notes what comes on a thread of its own. */
final class EventReader implements AutoCloseable {

  /** One event; its name is empty for a comment and {@code retry} for that line. */
  record Event(String name, String data) {}

  private final Socket socket;
  private final List<String> head = new ArrayList<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private volatile boolean ended;
  private volatile boolean endedInOrder;

  /** Connects; reads only from {@link #read} on. */
  EventReader(int port, String path, String... headers) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    StringBuilder request =
        new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    socket
        .getOutputStream()
        .write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Begins to read. */
  EventReader read() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.add(line);
    }
    Thread thread = new Thread(() -> readAll(in), "event-reader");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  private void readAll(BufferedReader in) {
    try {
      String name = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          events.add(new Event(name, line.substring(6)));
          name = "";
        } else if (line.startsWith("retry: ")) {
          events.add(new Event("retry", line.substring(7)));
        } else if (line.equals(":")) {
          events.add(new Event("", ""));
        } else if (line.equals("0")) {
          endedInOrder = true;
        }
      }
    } catch (IOException e) {
      // The other side is gone, or the test closed it.
      ended = true;
    }
    ended = true;
  }

  int code() {
    return Integer.parseInt(head.get(0).split(" ")[1]);
  }

  String header(String name) {
    return head.stream()
        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse(null);
  }

  List<Event> events() {
    return events;
  }

  List<String> data(String name) {
    return events.stream().filter(e -> e.name().equals(name)).map(Event::data).toList();
  }

  boolean hasEnded() {
    return ended;
  }

  /** Whether the last chunk came. */
  boolean hasEndedInOrder() {
    return endedInOrder;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
