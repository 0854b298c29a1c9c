// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.nio.file.Path;
import java.util.Optional;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * Which object store to write to or to read from. Knows no class of Amazon's. Immutable; holds
 * secrets.
 *
 * @param prefix what the settings begin with
 * @param endpoint URL of a store other than Amazon's
 * @param region the region; a store other than Amazon's seldom minds
 * @param accessKey the access key; empty for what the environment offers
 * @param secretKey goes with the access key
 * @param caFile PEM with the authorities of a store that the JVM does not know
 */
public record S3Settings(
    String prefix,
    Optional<String> endpoint,
    String region,
    Optional<String> accessKey,
    Optional<String> secretKey,
    Optional<Path> caFile) {

  /** What the settings of the sink begin with. */
  static final String SINK = "cardata.sink.s3.";

  /** What the settings of High Mobility's bucket begin with. */
  static final String SOURCE = "cardata.highmobility.s3.";

  private static final String CA_FILE = "ca-file";

  /**
   * Reads those of the sink.
   *
   * @param workDir the directory that a relative path starts from
   * @throws BadSettingException for one that is missing or cannot be used
   */
  public static S3Settings of(Settings settings, Path workDir) {
    return of(SINK, settings, workDir);
  }

  /** Reads those that begin so. */
  static S3Settings of(String prefix, Settings settings, Path workDir) {
    if (settings.find(prefix + "bucket").isEmpty()) {
      throw new BadSettingException(prefix + "bucket: got nothing, takes the name of a bucket");
    }
    Optional<String> endpoint = settings.find(prefix + "endpoint");
    Optional<String> region = settings.find(prefix + "region");
    if (endpoint.isEmpty() && region.isEmpty()) {
      throw new BadSettingException(
          prefix + "region: got nothing, takes one such as eu-central-1 where no endpoint is set");
    }
    Optional<String> access = settings.find(prefix + "access-key");
    Optional<String> secret = settings.find(prefix + "secret-key");
    if (access.isPresent() != secret.isPresent()) {
      throw new BadSettingException(
          prefix
              + (access.isPresent() ? "secret-key" : "access-key")
              + ": got nothing, goes with the other key");
    }
    return new S3Settings(
        prefix,
        endpoint,
        region.orElse("us-east-1"),
        access,
        secret,
        settings.find(prefix + CA_FILE).map(workDir::resolve));
  }

  /**
   * Looks whether all of those of the sink can be used.
   *
   * @throws BadSettingException for one that is missing or cannot be used
   */
  public static void check(Settings settings, Path workDir) {
    of(settings, workDir).trust();
  }

  /**
   * Looks whether all of those of High Mobility's bucket can be used.
   *
   * @throws BadSettingException for one that is missing or cannot be used
   */
  public static void checkSource(Settings settings, Path workDir) {
    of(SOURCE, settings, workDir).trust();
  }

  /** Whom a client trusts beside the JVM's authorities; empty for nobody. Reads the file. */
  Optional<BmwTrust> trust() {
    return caFile.map(file -> new BmwTrust(prefix + CA_FILE, file));
  }

  /** Says nothing: two are secrets. */
  @Override
  public String toString() {
    return "S3Settings";
  }
}
