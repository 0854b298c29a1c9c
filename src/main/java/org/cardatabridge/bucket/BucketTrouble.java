// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.cardatabridge.journal.ErrorText;
import org.cardatabridge.journal.RowsException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
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

  private static final String CHECK_WAY = "compare the endpoint, check the way there (firewall)";
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
      return "Reading the bucket: " + plain(client) + SEE;
    }
    RowsException rows = find(error, RowsException.class);
    return "Reading the bucket: " + (rows == null ? plain(error) : rows.getMessage()) + SEE;
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

  /** What nobody answered to; where we have no words for it, those of whoever failed. */
  private static String plain(Throwable error) {
    if (find(error, ApiCallTimeoutException.class) != null
        || find(error, InterruptedIOException.class) != null) {
      return "it does not answer in time; " + CHECK_WAY;
    }
    Throwable cause = root(error);
    if (cause instanceof UnknownHostException) {
      return "its name cannot be resolved; compare the endpoint, check DNS";
    }
    if (cause instanceof NoRouteToHostException) {
      return "there is no network route to it; " + CHECK_WAY;
    }
    if (cause instanceof ConnectException) {
      return "it does not accept the connection; " + CHECK_WAY;
    }
    if (find(error, CertificateException.class) != null
        || cause instanceof CertPathValidatorException
        || cause instanceof CertPathBuilderException) {
      return "its certificate is not trusted; name its CA in cardata.highmobility.s3.ca-file, or"
          + " compare the endpoint";
    }
    if (cause instanceof SSLException) {
      return "there is no TLS connection to it; compare the endpoint";
    }
    if (cause instanceof SocketException || cause instanceof EOFException) {
      return "the connection broke, which is tried again";
    }
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? "it failed without saying why; look at the log with cardata.log.level=debug"
        : ErrorText.masked(message.lines().findFirst().orElse(""));
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
