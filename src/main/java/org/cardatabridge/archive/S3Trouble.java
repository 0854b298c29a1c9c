// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.util.Set;
import org.cardatabridge.journal.TryLaterException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Tells an outage, or a set-up that is wrong, from what is wrong with one object, so that objects
 * are not cut smaller while the store is away. Safe for use by many threads.
 */
final class S3Trouble implements ExecutionInterceptor {

  private static final Set<Integer> LATER = Set.of(401, 403, 404, 408, 429, 502, 503, 504);

  @Override
  public Throwable modifyException(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    Throwable error = context.exception();
    if (error instanceof SdkClientException) {
      return new TryLaterException("Writing to S3: " + error.getMessage(), null, error);
    }
    if (error instanceof AwsServiceException answer && LATER.contains(answer.statusCode())) {
      // Its message may name the access key.
      String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
      return new TryLaterException(
          "Writing to S3: it answers %d (%s) — see docs/sinks/s3.md"
              .formatted(answer.statusCode(), code),
          null,
          error);
    }
    return error;
  }
}
