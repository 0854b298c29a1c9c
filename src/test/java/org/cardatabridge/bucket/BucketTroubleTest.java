// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class BucketTroubleTest {

  private static final String BEGIN = "Reading the bucket: ";
  private static final String END = " — see docs/highmobility-s3.md";

  private static String said(Throwable cause) {
    String sentence =
        BucketTrouble.sentence(
            new IllegalStateException(
                SdkClientException.builder().message("Unable to execute").cause(cause).build()));
    assertThat(sentence).startsWith(BEGIN).endsWith(END).doesNotContain("Exception");
    return sentence.substring(BEGIN.length(), sentence.length() - END.length());
  }

  @Test
  void whateverKeepsUsFromTheBucketIsSaidInPlainWordsWithWhatToDo() {
    Map<Throwable, String> words =
        Map.of(
            new UnknownHostException("s3.example"), "its name cannot be resolved; compare",
            new ConnectException("Connection refused"),
                "it does not accept the connection; compare",
            new NoRouteToHostException("No route"), "there is no network route to it; compare",
            new SocketTimeoutException("connect timed out"), "it does not answer in time; compare",
            new SSLHandshakeException("Received fatal alert"), "there is no TLS connection to it;",
            new SSLException("PKIX", new CertificateException("x")),
                "its certificate is not trusted",
            new SSLException("PKIX", new CertPathBuilderException("unable to find valid path")),
                "its certificate is not trusted; name its CA in cardata.highmobility.s3.ca-file",
            new SocketException("Connection reset"), "the connection broke",
            new EOFException(), "the connection broke");
    words.forEach((cause, text) -> assertThat(said(cause)).startsWith(text));
  }

  @Test
  void whatHasNoWordsOfOursHasItsOwnWithoutTheNameOfItsClass() {
    assertThat(said(new IOException("Data read has a different length")))
        .isEqualTo("Data read has a different length");
    assertThat(said(new IOException())).startsWith("it failed without saying why");
    assertThat(BucketTrouble.sentence(new IllegalStateException("odd\nAKIA")))
        .isEqualTo(BEGIN + "odd" + END);
    assertThat(
            BucketTrouble.sentence(ApiCallTimeoutException.builder().message("too long").build()))
        .contains("it does not answer in time");
  }
}
