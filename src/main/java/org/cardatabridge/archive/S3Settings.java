// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.nio.file.Path;
import java.util.Optional;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * Which object store to write to. Knows no class of Amazon's. Immutable; holds secrets.
 *
 * @param endpoint URL of a store other than Amazon's
 * @param region the region; a store other than Amazon's seldom minds
 * @param accessKey the access key; empty for what the environment offers
 * @param secretKey goes with the access key
 * @param caFile PEM with the authorities of a store that the JVM does not know
 */
public record S3Settings(
    Optional<String> endpoint,
    String region,
    Optional<String> accessKey,
    Optional<String> secretKey,
    Optional<Path> caFile) {

  private static final String PREFIX = "cardata.sink.s3.";
  private static final String CA_FILE = PREFIX + "ca-file";

  /**
   * Reads them.
   *
   * @param workDir the directory that a relative path starts from
   * @throws BadSettingException for one that is missing or cannot be used
   */
  public static S3Settings of(Settings settings, Path workDir) {
    if (settings.find(PREFIX + "bucket").isEmpty()) {
      throw new BadSettingException(PREFIX + "bucket: got nothing, takes the name of a bucket");
    }
    Optional<String> endpoint = settings.find(PREFIX + "endpoint");
    Optional<String> region = settings.find(PREFIX + "region");
    if (endpoint.isEmpty() && region.isEmpty()) {
      throw new BadSettingException(
          PREFIX + "region: got nothing, takes one such as eu-central-1 where no endpoint is set");
    }
    Optional<String> access = settings.find(PREFIX + "access-key");
    Optional<String> secret = settings.find(PREFIX + "secret-key");
    if (access.isPresent() != secret.isPresent()) {
      throw new BadSettingException(
          PREFIX
              + (access.isPresent() ? "secret-key" : "access-key")
              + ": got nothing, goes with the other key");
    }
    return new S3Settings(
        endpoint,
        region.orElse("us-east-1"),
        access,
        secret,
        settings.find(CA_FILE).map(workDir::resolve));
  }

  /**
   * Looks whether all of them can be used.
   *
   * @throws BadSettingException for one that is missing or cannot be used
   */
  public static void check(Settings settings, Path workDir) {
    of(settings, workDir).trust();
  }

  /** Whom a client trusts beside the JVM's authorities; empty for nobody. Reads the file. */
  Optional<BmwTrust> trust() {
    return caFile.map(file -> new BmwTrust(CA_FILE, file));
  }

  /** Says nothing: two are secrets. */
  @Override
  public String toString() {
    return "S3Settings";
  }
}
