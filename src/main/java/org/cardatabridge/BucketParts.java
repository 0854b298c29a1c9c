// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.Registry;
import org.cardatabridge.archive.S3Clients;
import org.cardatabridge.archive.S3Settings;
import org.cardatabridge.bucket.BucketSnapshot;
import org.cardatabridge.bucket.BucketWalk;
import org.cardatabridge.bucket.ObjectReader;
import org.cardatabridge.bucket.SetAsideObject;
import org.cardatabridge.bucket.TakenObjects;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.settings.Settings;

/** The parts of the routes {@code ingest-s3*}: High Mobility's objects in a bucket. */
final class BucketParts {

  private static final String WALK = "bucketWalk";
  private static final String TAKEN = "bucketTaken";
  private static final String SWITCH = "cardata.highmobility.s3.enabled";

  private BucketParts() {}

  /**
   * Binds what the routes name. Nothing connects, and nothing of Amazon's is loaded, before the
   * bucket is looked at.
   *
   * @param workDir the directory that relative paths start from
   * @param rows the journal's file
   * @throws org.cardatabridge.settings.BadSettingException for a setting that cannot be used, where
   *     the bucket is switched on
   */
  static void bind(
      CamelContext context, Settings settings, Path workDir, SafeRows rows, Clock clock) {
    if (isOn(settings)) {
      S3Settings.checkSource(settings, workDir);
    }
    BooleanSupplier stopping = () -> context.isStopping() || context.isStopped();
    TakenObjects taken =
        new TakenObjects(rows, BucketWalk.place(settings), clock, System::nanoTime);
    Registry registry = context.getRegistry();
    registry.bind(TAKEN, taken);
    registry.bind(WALK, new BucketWalk(settings, taken, clock, System::nanoTime, stopping));
    registry.bind("bucketReader", new ObjectReader(settings, clock, stopping));
    registry.bind("bucketClient", Object.class, () -> S3Clients.reading(settings, workDir));
    // One thread keeps the order; it is there while objects are read.
    context
        .getExecutorServiceManager()
        .registerThreadPoolProfile(
            new ThreadPoolProfileBuilder("bucket")
                .poolSize(1)
                .maxPoolSize(1)
                .keepAliveTime(10L)
                .allowCoreThreadTimeOut(true)
                .build());
  }

  private static boolean isOn(Settings settings) {
    return settings.find(SWITCH).filter("true"::equals).isPresent();
  }

  /** How reading the bucket stands; null where it is switched off. */
  static BucketSnapshot snapshot(Registry registry) {
    Settings settings = registry.lookupByNameAndType("cardata-settings", Settings.class);
    return isOn(settings) ? registry.lookupByNameAndType(WALK, BucketWalk.class).snapshot() : null;
  }

  /** The last objects that were set aside, the newest first. */
  static List<SetAsideObject> setAside(Registry registry) {
    return registry.lookupByNameAndType(TAKEN, TakenObjects.class).lastSetAside();
  }
}
