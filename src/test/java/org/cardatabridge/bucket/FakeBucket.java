// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket in memory behind Amazon's own interface, with faults. Thread-safe. */
final class FakeBucket implements S3Client {

  private record Stored(byte[] bytes, Instant modified, String etag, long size) {}

  private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final Map<String, RuntimeException> faults = new ConcurrentSkipListMap<>();
  private final AtomicInteger versions = new AtomicInteger();
  final AtomicInteger lists = new AtomicInteger();
  final AtomicInteger names = new AtomicInteger();
  final List<String> gets = new CopyOnWriteArrayList<>();

  /** An answer that is an error. */
  static RuntimeException answer(int status, String code) {
    return S3Exception.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .message("for AKIATELLNOBODY")
        .build();
  }

  /** That nobody answers. */
  static RuntimeException silence() {
    return SdkClientException.create(
        "Unable to execute HTTP request: connect timed out",
        new SocketTimeoutException("connect timed out"));
  }

  static byte[] gzipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  void put(String key, String content, Instant modified) {
    put(key, content.getBytes(StandardCharsets.UTF_8), modified);
  }

  void put(String key, byte[] bytes, Instant modified) {
    put(key, bytes, modified, bytes.length);
  }

  /** One that says it has another size than it has. */
  void put(String key, byte[] bytes, Instant modified, long size) {
    objects.put(key, new Stored(bytes, modified, "\"" + versions.incrementAndGet() + "\"", size));
  }

  void remove(String key) {
    objects.remove(key);
  }

  /** What a key is answered with from now on; {@code list} for each page, {@code get} for all. */
  void fault(String key, RuntimeException error) {
    faults.put(key, error);
  }

  void mend(String key) {
    faults.remove(key);
  }

  private void fail(String key) {
    if (faults.containsKey(key)) {
      throw faults.get(key);
    }
  }

  @Override
  public ListObjectsResponse listObjects(ListObjectsRequest request) {
    lists.incrementAndGet();
    fail("list");
    String after = request.marker() == null ? "" : request.marker();
    String prefix = request.prefix() == null ? "" : request.prefix();
    List<S3Object> page =
        ((ConcurrentSkipListMap<String, Stored>) objects)
            .tailMap(after, false).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .limit(request.maxKeys())
                .map(
                    entry ->
                        S3Object.builder()
                            .key(entry.getKey())
                            .eTag(entry.getValue().etag())
                            .size(entry.getValue().size())
                            .lastModified(entry.getValue().modified())
                            .build())
                .toList();
    names.addAndGet(page.size());
    return ListObjectsResponse.builder().contents(page).build();
  }

  @Override
  public <T> T getObject(
      GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
    gets.add(request.key());
    fail("get");
    fail(request.key());
    Stored stored = objects.get(request.key());
    if (stored == null) {
      throw answer(404, "NoSuchKey");
    }
    InputStream bytes = new ByteArrayInputStream(stored.bytes());
    try {
      return transformer.transform(
          GetObjectResponse.builder()
              .contentLength(stored.size())
              .eTag(stored.etag())
              .lastModified(stored.modified())
              .build(),
          AbortableInputStream.create(bytes));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public HeadBucketResponse headBucket(HeadBucketRequest request) {
    return HeadBucketResponse.builder().build();
  }

  @Override
  public String serviceName() {
    return "s3";
  }

  @Override
  public void close() {
    objects.clear();
  }
}
