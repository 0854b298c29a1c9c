// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TargetAwayException;
import org.cardatabridge.journal.TryLaterException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stands before an S3 client and says what its trouble means: the store is away, or it will never
 * take this object. The client itself lets none of its interceptors throw anything but its own.
 * Safe for use by many threads.
 */
final class S3Trouble implements InvocationHandler {

  /** What is wrong with the object or its name, and will be each time. */
  private static final Set<String> REFUSALS =
      Set.of(
          "EntityTooLarge",
          "InvalidURI",
          "KeyTooLongError",
          "MetadataTooLarge",
          "XMinioInvalidObjectName");

  private static final Set<Integer> AWAY = Set.of(301, 307, 401, 403, 404, 408, 429);
  private static final int TOO_LARGE = 413;
  private static final int FIRST_OF_SERVER = 500;

  private final S3Client client;

  private S3Trouble(S3Client client) {
    this.client = client;
  }

  /** The same client with exceptions that a sink understands. */
  static S3Client before(S3Client client) {
    return (S3Client)
        Proxy.newProxyInstance(
            S3Client.class.getClassLoader(),
            new Class<?>[] {S3Client.class},
            new S3Trouble(client));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw explained(e.getCause());
    }
  }

  private static Throwable explained(Throwable error) {
    if (error instanceof SdkClientException) {
      return new TargetAwayException("Writing to S3: " + error.getMessage(), error);
    }
    return error instanceof AwsServiceException answer ? explained(answer) : error;
  }

  private static RuntimeException explained(AwsServiceException answer) {
    // Its message may name the access key.
    String code =
        answer.awsErrorDetails() == null
            ? "no reason"
            : String.valueOf(answer.awsErrorDetails().errorCode());
    int status = answer.statusCode();
    String text =
        "Writing to S3: it answers %d (%s) — see docs/sinks/s3.md".formatted(status, code);
    if (status == TOO_LARGE || REFUSALS.contains(code)) {
      return new EventRefusedException(text, answer);
    }
    return AWAY.contains(status) || status >= FIRST_OF_SERVER
        ? new TargetAwayException(text, answer)
        : new TryLaterException(text, null, answer);
  }
}
