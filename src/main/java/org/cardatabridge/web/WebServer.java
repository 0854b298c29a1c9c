// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.StaticService;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.cardatabridge.recording.RecordingReader;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP server, on which every {@code platform-http:} route is served. A Camel service: add
 * it to the context before the routes start.
 */
public final class WebServer extends ServiceSupport implements CamelContextAware, StaticService {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final String HOST = "cardata.http.host";
  private static final String PORT = "cardata.http.port";
  private static final long MAX_BODY = 64 * 1024L;

  private final String host;
  private final int port;
  private final Optional<String> password;
  private final String policy;
  private final Clock clock;
  private CamelContext context;
  private Vertx vertx;
  private VertxPlatformHttpServer server;
  private EventStream events;
  private boolean isWaiting;
  private volatile Route opening;

  /**
   * A server with {@code cardata.http.host}, {@code .port} (0 takes a free one) and {@code
   * .password}.
   *
   * @throws BadSettingException where the port is none
   */
  public WebServer(Settings settings, PageFiles page, Clock clock) {
    this.clock = clock;
    this.host = settings.find(HOST).orElse("127.0.0.1");
    this.port = settings.find(PORT).isPresent() ? settings.integer(PORT) : 8080;
    if (port < 0 || port > 65_535) {
      throw new BadSettingException(PORT, Integer.toString(port), "a port from 0 to 65535");
    }
    this.password = settings.find("cardata.http.password");
    this.policy = page.policy();
  }

  /** Serves this stream beside the routes; to be called before the start. */
  public void stream(EventStream stream) {
    this.events = stream;
  }

  /**
   * Until {@link #routesAreThere()} a path that no route serves is answered with 503 in place of
   * 404; to be called before the start.
   */
  public void waitForRoutes() {
    isWaiting = true;
  }

  /** All routes are loaded: what none of them serves is not there. */
  public void routesAreThere() {
    Route ended = opening;
    isWaiting = false;
    opening = null;
    if (ended != null) {
      ended.remove();
    }
  }

  @Override
  public CamelContext getCamelContext() {
    return context;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.context = camelContext;
  }

  /** The port it listens on; 0 while it does not. */
  public int port() {
    VertxPlatformHttpServer running = server;
    return running == null || running.getServer() == null ? 0 : running.getServer().actualPort();
  }

  /** What it listens on, as in {@code cardata.http.host}. */
  public String host() {
    return host;
  }

  /** Where a browser on this machine finds the page. */
  public String url() {
    String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port() + "/";
  }

  @Override
  protected void doStart() throws Exception {
    checkAddress();
    VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost(host);
    configuration.setBindPort(port);
    configuration.setMaxBodySize(MAX_BODY + RecordingReader.LONGEST_LINE);
    configuration.getBodyHandler().setHandleFileUploads(false);
    vertx = Vertx.vertx(options());
    server = new VertxPlatformHttpServer(configuration);
    server.setCamelContext(context);
    ServiceHelper.initService(server);
    server.setVertx(vertx);
    ServiceHelper.startService(server);
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(configuration.getPort()));
    router.route().handler(new Guard(names(), password, policy, new Guesses(clock)));
    router.route().handler(WebServer::limit);
    router.route().handler(WebServer::noForm);
    if (events != null) {
      events.open();
      router.get(EventStream.PATH).handler(events);
      router.head(EventStream.PATH).handler(events);
    }
    if (isWaiting) {
      opening = router.route().last().handler(new Opening());
    }
    LOG.info("Page and API: {}", url());
  }

  /** {@code curl -d} says that it sends a form, which Camel would take to pieces; we have none. */
  private static void noForm(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      context.request().headers().set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
    }
    context.next();
  }

  /** A message may be large, any other request may not. */
  private static void limit(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (context.normalizedPath().equals("/api/replay")) {
      context.next();
    } else if (length != null && (length.length() > 9 || Long.parseLong(length) > MAX_BODY)) {
      Guard.refuse(context, 413, "a request is limited to 64 KB");
    } else if (context.request().getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
      Guard.refuse(context, 411, "a request with a body must tell its Content-Length");
    } else {
      context.next();
    }
  }

  /**
   * Sees whether the port is free. The server itself only logs that it could not listen and goes on
   * without.
   *
   * @throws CannotStartException where it is taken
   */
  public void checkAddress() {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new CannotStartException(
          "Opening the page on "
              + host
              + ":"
              + port
              + ": "
              + e.getMessage()
              + " — stop what uses it, or set "
              + PORT
              + " or "
              + HOST,
          e);
    }
  }

  /** One event loop, few workers, and no files unpacked to a temporary directory. */
  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(4)
        .setInternalBlockingPoolSize(2)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private Set<String> names() {
    Set<String> names = new HashSet<>(Set.of("localhost", host.toLowerCase(Locale.ROOT)));
    try {
      String machine = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      String first = machine.split("\\.")[0];
      names.add(machine);
      names.add(first);
      names.add(first + ".local");
    } catch (UnknownHostException e) {
      LOG.debug("This machine has no name", e);
    }
    return Set.copyOf(names);
  }

  @Override
  protected void doStop() throws Exception {
    if (events != null) {
      events.close();
    }
    if (server != null) {
      ServiceHelper.stopAndShutdownService(server);
      server = null;
    }
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      vertx = null;
    }
  }
}
