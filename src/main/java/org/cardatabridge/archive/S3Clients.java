// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.cardatabridge.settings.Settings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Makes the clients of the S3 sink and of High Mobility's bucket. Loading this class loads
 * Amazon's.
 */
public final class S3Clients {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private S3Clients() {}

  /**
   * A client of the sink on the JDK's own HTTP; it connects when first used.
   *
   * @param workDir the directory that a relative path starts from
   * @throws org.cardatabridge.settings.BadSettingException for a setting that cannot be used
   */
  public static S3Client of(Settings settings, Path workDir) {
    return S3Trouble.before(client(S3Settings.of(settings, workDir)));
  }

  /** The same for the bucket that High Mobility writes to, with Amazon's own exceptions. */
  public static S3Client reading(Settings settings, Path workDir) {
    return ReadingClient.before(client(S3Settings.of(S3Settings.SOURCE, settings, workDir)));
  }

  private static S3Client client(S3Settings s3) {
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ANSWER);
    s3.trust().ifPresent(trust -> http.tlsTrustManagersProvider(trust::trustManagers));
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(s3.region()))
            .httpClientBuilder(http)
            // Stores other than Amazon's know the newer checksums seldom.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (s3.accessKey().isPresent()) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(
                  s3.accessKey().orElseThrow(), s3.secretKey().orElseThrow())));
    } else {
      builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
    }
    s3.endpoint().ifPresent(url -> builder.endpointOverride(URI.create(url)).forcePathStyle(true));
    return builder.build();
  }
}
