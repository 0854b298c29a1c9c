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

/** Makes the client of the S3 sink. Loading this class loads Amazon's. */
public final class S3Clients {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private S3Clients() {}

  /**
   * A client on the JDK's own HTTP; it connects when first used.
   *
   * @param workDir the directory that a relative path starts from
   * @throws org.cardatabridge.settings.BadSettingException for a setting that cannot be used
   */
  public static S3Client of(Settings settings, Path workDir) {
    S3Settings s3 = S3Settings.of(settings, workDir);
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
    return S3Trouble.before(builder.build());
  }
}
