// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardatabridge.testing.HeldPort;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of requests on connections that are kept, while the server ends and starts. */
@Timeout(120)
class WebServerRestartTest {

  private static final int RESTARTS = 8;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String STATUS = "/api/status";

  private final CountDownLatch over = new CountDownLatch(1);

  /** Asks once and tells the answer's code. */
  private interface Ask {
    int once() throws IOException, InterruptedException;
  }

  /** Asks again and again; each request must end, if only with a broken connection. */
  private final class Asker {

    private final Ask ask;
    private volatile int served;
    private volatile int broken;

    Asker(Ask ask) {
      this.ask = ask;
    }

    Void run() throws IOException, InterruptedException {
      while (over.getCount() > 0) {
        try {
          if (ask.once() == 200) {
            served++;
          }
        } catch (SocketTimeoutException | HttpTimeoutException e) {
          throw e;
        } catch (IOException e) {
          broken++;
          over.await(1, TimeUnit.MILLISECONDS);
        }
      }
      return null;
    }
  }

  /** A connection that is kept from answer to answer, as a browser's. */
  private static final class KeptSocket implements Ask {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private final int port;
    private Socket socket;

    KeptSocket(int port) {
      this.port = port;
    }

    @Override
    public int once() throws IOException {
      boolean isWhole = false;
      try {
        if (socket == null) {
          socket = new Socket(InetAddress.getLoopbackAddress(), port);
          socket.setSoTimeout((int) SOON.toMillis());
        }
        String request = "GET " + STATUS + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        int code = answer(socket.getInputStream());
        isWhole = true;
        return code;
      } finally {
        if (!isWhole && socket != null) {
          socket.close();
          socket = null;
        }
      }
    }

    private static int answer(InputStream in) throws IOException {
      String head = until(in, "\r\n\r\n");
      Matcher length = LENGTH.matcher(head);
      if (!length.find()) {
        // A route that fails answers in chunks, of which only the last one is there.
        until(in, "0\r\n\r\n");
      } else {
        in.skipNBytes(Integer.parseInt(length.group(1)));
      }
      return Integer.parseInt(head.split(" ")[1]);
    }

    private static String until(InputStream in, String end) throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf(end) < 0) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException();
        }
        text.append((char) next);
      }
      return text.toString();
    }
  }

  /** The same with the client of our tests. */
  private static Ask page(int port) {
    Page page = new Page(port);
    return () -> {
      HttpResponse<String> answer = page.get(STATUS);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      return answer.statusCode();
    };
  }

  @Test
  void eachRequestEndsWhileTheServerEndsAndStarts() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (HeldPort port = HeldPort.take()) {
      List<Asker> askers =
          List.of(
              new Asker(new KeptSocket(port.number())),
              new Asker(new KeptSocket(port.number())),
              new Asker(page(port.number())),
              new Asker(page(port.number())));
      List<Future<Void>> ends = new ArrayList<>();
      askers.forEach(asker -> ends.add(threads.submit(asker::run)));

      for (int i = 0; i < RESTARTS; i++) {
        serve(port.number(), askers, ends);
      }

      over.countDown();
      for (Future<Void> end : ends) {
        end.get(SOON.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(askers).allSatisfy(asker -> assertThat(asker.broken).isPositive());
    } finally {
      over.countDown();
      threads.shutdownNow();
    }
  }

  /** Serves until each of these was served, and ends while they still ask. */
  private static void serve(int port, List<Asker> askers, List<Future<Void>> ends)
      throws Exception {
    Map<String, String> settings = Map.of("cardata.http.port", Integer.toString(port));
    List<Integer> before = askers.stream().map(asker -> asker.served).toList();
    try (LiveServer server = new LiveServer(Clock.systemUTC(), settings)) {
      server.start(ShippedRoute.of("web"));
      await("each is served")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                for (int i = 0; i < askers.size(); i++) {
                  if (ends.get(i).isDone()) {
                    ends.get(i).get();
                  }
                  if (askers.get(i).served <= before.get(i)) {
                    return false;
                  }
                }
                return true;
              });
    }
  }
}
