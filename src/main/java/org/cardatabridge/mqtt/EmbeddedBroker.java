// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.PageFullMessagePolicy;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * An MQTT broker (3.1.1 and 5) inside this process, for {@code cardata.sink.mqtt.url=embedded} and
 * for the demo: Apache ActiveMQ Artemis without passwords, so bind it to loopback unless the
 * network is yours. What is retained survives a restart when a directory is given.
 *
 * <p>A subscriber that reads too slowly loses messages once some megabytes wait for it; it cannot
 * fill the memory. Not for concurrent starts and stops.
 */
public final class EmbeddedBroker {

  private static final String ACCEPTOR = "mqtt";
  private static final int MAX_WAITING_BYTES = 8 << 20;
  private static final int MAX_WAITING_BYTES_IN_ALL = 48 << 20;
  private static final long MAX_PAGED_BYTES = 64L << 20;

  private final String host;
  private final int wantedPort;
  private final Path directory;
  private EmbeddedActiveMQ server;

  /**
   * A broker that is not started yet.
   *
   * @param host address to listen on
   * @param port 0 to take a free one
   * @param directory where retained messages are kept; null to keep them in memory only
   */
  public EmbeddedBroker(String host, int port, Path directory) {
    this.host = host;
    this.wantedPort = port;
    this.directory = directory;
  }

  /** The broker that {@code cardata.embedded.*} describes; it keeps its files in the data dir. */
  public static EmbeddedBroker from(Settings settings, Path dataDir) {
    String key = "cardata.embedded.port";
    int port = settings.find(key).isPresent() ? settings.integer(key) : 1883;
    if (port < 0 || port > 65_535) {
      throw new BadSettingException(key, Integer.toString(port), "a port, or 0 for a free one");
    }
    return new EmbeddedBroker(
        settings.find("cardata.embedded.host").orElse("127.0.0.1"),
        port,
        dataDir.resolve("broker"));
  }

  /**
   * Starts it and returns when it takes connections.
   *
   * @throws BrokerUnavailableException when it cannot, for instance because the port is taken
   */
  public void start() throws BrokerUnavailableException {
    checkAddress();
    ArtemisLog.hush();
    EmbeddedActiveMQ starting = new EmbeddedActiveMQ();
    try {
      starting.setConfiguration(configuration());
      starting.start();
      server = starting;
      if (port() <= 0) {
        throw new IllegalStateException("the address is in use");
      }
    } catch (Exception e) {
      server = starting;
      stop();
      throw unavailable(e);
    }
  }

  /**
   * Sees whether its address is free; Artemis itself would bury that in stack traces.
   *
   * @throws BrokerUnavailableException where it is not
   */
  public void checkAddress() throws BrokerUnavailableException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, wantedPort));
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private BrokerUnavailableException unavailable(Exception cause) {
    return new BrokerUnavailableException(
        "Starting the embedded broker on "
            + host
            + ":"
            + wantedPort
            + ": "
            + cause.getMessage()
            + " — set cardata.embedded.port to a free port, or use the broker that is there with"
            + " cardata.sink.mqtt.url",
        cause);
  }

  private Configuration configuration() throws Exception {
    Configuration configuration =
        new ConfigurationImpl()
            .setName("cardata-bridge")
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .setGracefulShutdownEnabled(false)
            .setPersistenceEnabled(directory != null)
            .setJournalType(JournalType.NIO)
            .setJournalFileSize(1 << 20)
            .setJournalMinFiles(2)
            .setJournalPoolFiles(4)
            .setJournalSyncTransactional(false)
            .setJournalSyncNonTransactional(false)
            .setCreateBindingsDir(true)
            .setCreateJournalDir(true)
            .setMessageExpiryScanPeriod(-1)
            .setMaxDiskUsage(-1)
            .setGlobalMaxSize(MAX_WAITING_BYTES_IN_ALL)
            .setThreadPoolMaxSize(8)
            .setScheduledThreadPoolMaxSize(2);
    if (directory != null) {
      configuration
          .setJournalDirectory(directory.resolve("journal").toString())
          .setBindingsDirectory(directory.resolve("bindings").toString())
          .setPagingDirectory(directory.resolve("paging").toString())
          .setLargeMessagesDirectory(directory.resolve("large").toString());
    }
    configuration.addAcceptorConfiguration(
        new TransportConfiguration(
            NettyAcceptorFactory.class.getName(),
            Map.of("host", host, "port", wantedPort, "protocols", "MQTT"),
            ACCEPTOR,
            Map.of("defaultMqttSessionExpiryInterval", "86400", "topicAliasMaximum", "0")));
    configuration.addAddressSetting("#", addresses());
    return configuration;
  }

  private AddressSettings addresses() {
    AddressSettings settings =
        new AddressSettings()
            .setMaxSizeBytes(MAX_WAITING_BYTES)
            // Named but never made: without a name, Artemis warns about each topic.
            .setDeadLetterAddress(SimpleString.of("nowhere"))
            .setExpiryAddress(SimpleString.of("nowhere"))
            .setMaxDeliveryAttempts(-1)
            .setAutoCreateAddresses(true)
            .setAutoCreateQueues(true)
            .setAutoDeleteAddresses(true)
            .setAutoDeleteQueues(true)
            .setDefaultConsumerWindowSize(1 << 20);
    if (directory == null) {
      return settings.setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP);
    }
    return settings
        .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
        .setPageSizeBytes(1 << 20)
        .setPageLimitBytes(MAX_PAGED_BYTES)
        .setPageFullMessagePolicy(PageFullMessagePolicy.DROP);
  }

  /** The port it listens on; 0 or less while it does not run. */
  public int port() {
    if (server == null || server.getActiveMQServer() == null) {
      return 0;
    }
    var acceptor = server.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR);
    return acceptor == null ? 0 : acceptor.getActualPort();
  }

  /** The address to reach it by from this machine. */
  public String connectHost() {
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }

  /** Stops it and returns when its files are closed. Does nothing when it does not run. */
  public void stop() {
    EmbeddedActiveMQ stopping = server;
    server = null;
    if (stopping == null) {
      return;
    }
    ArtemisLog.hushForStop();
    try {
      stopping.stop();
    } catch (Exception e) {
      throw new IllegalStateException(
          "stopping the embedded broker: " + e.getMessage() + " — its port may stay taken", e);
    }
  }
}
