// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.util.Map;
import org.cardatabridge.journal.RowsException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What a failure of the bucket means, in words without keys and names. Loads Amazon's classes. */
final class BucketTrouble {

  /** What a failure is about. */
  enum About {
    /** This object alone, as long as others can be read. */
    OBJECT,
    /** An object that is gone. */
    GONE,
    /** The bucket, the way there, or us. */
    BUCKET
  }

  private static final String SEE = " — see docs/highmobility-s3.md";
  private static final int FORBIDDEN = 403;
  private static final int MISSING = 404;
  private static final int FIRST_OF_SERVER = 500;
  private static final int DEEPEST_CAUSE = 20;

  private static final Map<String, String> REMEDIES =
      Map.ofEntries(
          Map.entry(
              "AccessDenied",
              "the key may not do that; it needs s3:ListBucket on the bucket and s3:GetObject on"
                  + " its objects"),
          Map.entry("NoSuchBucket", "there is no such bucket; compare its name"),
          Map.entry("InvalidAccessKeyId", "the access key is not known there; compare both keys"),
          Map.entry("SignatureDoesNotMatch", "the secret key is another; compare both keys"),
          Map.entry("ExpiredToken", "the credentials have expired; renew them"),
          Map.entry("InvalidToken", "the credentials are not taken; renew them"),
          Map.entry(
              "RequestTimeTooSkewed",
              "this machine's clock is off by minutes; set it, best by NTP"),
          Map.entry("PermanentRedirect", "the bucket is in another region; set that one"),
          Map.entry(
              "AuthorizationHeaderMalformed", "the bucket is in another region; set that one"),
          Map.entry(
              "IllegalLocationConstraintException", "the bucket is in another region; set it"),
          Map.entry("SlowDown", "it asks for fewer requests, which follows by itself"),
          Map.entry("NotImplemented", "this store cannot do that"));

  private BucketTrouble() {}

  /** Whom to blame for a failure of reading an object. */
  static About about(Throwable error) {
    AwsServiceException answer = find(error, AwsServiceException.class);
    if (answer == null) {
      return About.BUCKET;
    }
    String code = code(answer);
    if (code.equals("NoSuchKey")) {
      return About.GONE;
    }
    boolean isObjects =
        answer.statusCode() == FORBIDDEN
                && (code.equals("AccessDenied") || code.equals("InvalidObjectState"))
            || code.startsWith("KMS.");
    return isObjects ? About.OBJECT : About.BUCKET;
  }

  /** Why an object cannot be read though others can. */
  static String ofObject(Throwable error) {
    AwsServiceException answer = find(error, AwsServiceException.class);
    String code = answer == null ? "" : code(answer);
    String what =
        code.equals("InvalidObjectState")
            ? "it lies in an archive and is to be restored first"
            : "the key may not read it; it needs s3:GetObject, and kms:Decrypt where it is encrypted"
                + " with a key of your own";
    return answer == null ? what : what + " (" + answer.statusCode() + " " + code + ")";
  }

  /** What happened and what to do, in one sentence. */
  static String sentence(Throwable error) {
    BucketAwayException ours = find(error, BucketAwayException.class);
    if (ours != null) {
      return ours.getMessage();
    }
    AwsServiceException answer = find(error, AwsServiceException.class);
    if (answer != null) {
      String code = code(answer);
      return "Reading the bucket: it answers %d (%s): %s%s"
          .formatted(answer.statusCode(), code, remedy(answer.statusCode(), code), SEE);
    }
    SdkClientException client = find(error, SdkClientException.class);
    if (client != null) {
      return "Reading the bucket: " + plain(root(client)) + SEE;
    }
    RowsException rows = find(error, RowsException.class);
    return "Reading the bucket: " + (rows == null ? plain(root(error)) : rows.getMessage()) + SEE;
  }

  private static String remedy(int status, String code) {
    String known = REMEDIES.get(code);
    if (known != null) {
      return known;
    }
    if (status == MISSING) {
      return "there is no such bucket, or the endpoint is another server";
    }
    return status >= FIRST_OF_SERVER
        ? "it has trouble of its own, which is waited for"
        : "compare bucket, region, endpoint and keys";
  }

  /** Its message may name the access key, so only its code is told. */
  private static String code(AwsServiceException answer) {
    String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
    return code == null || code.isBlank()
        ? answer.statusCode() == FORBIDDEN ? "AccessDenied" : "no reason"
        : code;
  }

  private static String plain(Throwable error) {
    String message = error.getMessage();
    String kind = error.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }

  private static Throwable root(Throwable error) {
    Throwable last = error;
    for (int depth = 0; last.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
      last = last.getCause();
    }
    return last;
  }

  /** The first of a kind among the causes; null for none. */
  static <T extends Throwable> T find(Throwable error, Class<T> kind) {
    Throwable one = error;
    for (int depth = 0; one != null && depth < DEEPEST_CAUSE; depth++, one = one.getCause()) {
      if (kind.isInstance(one)) {
        return kind.cast(one);
      }
    }
    return null;
  }
}
