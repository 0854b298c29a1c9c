// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The one place that knows how Amazon's client asks for names. Loads its classes. */
final class Listing {

  private Listing() {}

  /** Asks for so many names behind one. */
  static Object request(String bucket, String prefix, String after, int most) {
    return ListObjectsRequest.builder()
        .bucket(bucket)
        .prefix(prefix.isEmpty() ? null : prefix)
        .marker(after.isEmpty() ? null : after)
        .maxKeys(most)
        .build();
  }

  /** The objects that a page names; none where it is no page. */
  static List<BucketObject> objects(Object page) {
    return page instanceof List<?> all
        ? all.stream()
            .filter(S3Object.class::isInstance)
            .map(S3Object.class::cast)
            .map(Listing::object)
            .toList()
        : List.of();
  }

  private static BucketObject object(S3Object object) {
    return new BucketObject(
        object.key(),
        object.eTag() == null ? "" : object.eTag().replace(" ", ""),
        object.lastModified() == null ? Instant.EPOCH : object.lastModified());
  }
}
