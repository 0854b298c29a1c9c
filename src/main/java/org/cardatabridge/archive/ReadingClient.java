// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;

/**
 * Stands before an S3 client and answers the question whether the bucket exists by itself, which
 * Camel asks before anything else: a refusal of that question has no reason in it, as those of all
 * others have. Safe for use by many threads.
 */
final class ReadingClient implements InvocationHandler {

  private final S3Client client;

  private ReadingClient(S3Client client) {
    this.client = client;
  }

  /** The same client without that question. */
  static S3Client before(S3Client client) {
    return (S3Client)
        Proxy.newProxyInstance(
            S3Client.class.getClassLoader(),
            new Class<?>[] {S3Client.class},
            new ReadingClient(client));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("headBucket")) {
      return HeadBucketResponse.builder().build();
    }
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
