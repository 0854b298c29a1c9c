// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.testing.S3Mock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The contract for {@code sink-s3}, against S3Mock. It takes whatever a car can say. */
class S3ContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.s3.";
  private static final String ACCESS = "AKIATELLNOBODY";
  private static final String SECRET = "tell-nobody-of-this-one";

  @Override
  protected String sink() {
    return "s3";
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    return new Bucket(S3Mock.start(directory.resolve("s3")));
  }

  private static final class Bucket implements SinkTarget {

    private final S3Mock server;
    private final S3Client client;
    private final Map<String, List<String>> read = new HashMap<>();

    Bucket(S3Mock server) {
      this.server = server;
      client =
          S3Client.builder()
              .region(Region.US_EAST_1)
              .httpClientBuilder(UrlConnectionHttpClient.builder())
              .credentialsProvider(
                  StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS, SECRET)))
              .endpointOverride(URI.create(server.ownUrl()))
              .forcePathStyle(true)
              .build();
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "endpoint",
          server.url(),
          PREFIX + "bucket",
          "cardata",
          PREFIX + "access-key",
          ACCESS,
          PREFIX + "secret-key",
          SECRET,
          PREFIX + "roll-events",
          "500",
          PREFIX + "roll-after",
          "1ms");
    }

    @Override
    public Set<String> secrets() {
      return Set.of(ACCESS, SECRET);
    }

    @Override
    public void stop() {
      server.kill();
    }

    @Override
    public void kill() {
      server.kill();
    }

    @Override
    public void start() {
      server.startAgain();
    }

    /** By the objects' names, which begin with a time. */
    @Override
    public synchronized List<Long> received(String key) {
      List<Long> values = new ArrayList<>();
      for (S3Object found : client.listObjectsV2Paginator(l -> l.bucket("cardata")).contents()) {
        List<String> lines =
            read.computeIfAbsent(
                found.key() + found.eTag(),
                version ->
                    StoredLines.of(
                            client
                                .getObjectAsBytes(g -> g.bucket("cardata").key(found.key()))
                                .asByteArray())
                        .toList());
        lines.stream().flatMap(line -> StoredLines.value(line, key)).forEach(values::add);
      }
      return values;
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "bucket", "",
          PREFIX + "access-key", "",
          PREFIX + "secret-key", "",
          PREFIX + "ca-file", "/nowhere/ca.pem",
          PREFIX + "roll-after", "soon");
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }
}
