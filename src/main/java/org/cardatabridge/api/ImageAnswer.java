// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarEvent;

/** The steps of {@code routes/rest-image.camel.yaml}. Safe for use by many threads. */
public final class ImageAnswer {

  /** The key of what is told about the picture. */
  public static final String KEY = "image.info";

  private static final String RESOURCE = "image";

  private final BiFunction<String, String, Optional<CarEvent>> newest;
  private final Replies replies;

  /**
   * Makes data points of answers.
   *
   * @param newest the newest data point of a VIN and a key
   */
  public ImageAnswer(BiFunction<String, String, Optional<CarEvent>> newest, Clock clock) {
    this.newest = newest;
    this.replies = new Replies(clock);
  }

  /** What to ask. */
  public RestCall call(@Body RestRequest order) {
    return RestCall.getImage(order, RestPath.of(order.vin(), RESOURCE));
  }

  /** Text, or a picture that was cut off: trouble on the way. Another kind of picture stays one. */
  private static boolean isTrouble(byte[] body) {
    String begin = new String(body, 0, Math.min(body.length, 500), StandardCharsets.ISO_8859_1);
    if (Picture.isBegun(body)) {
      return body.length <= Picture.MOST_BYTES;
    }
    return begin.chars().allMatch(c -> c >= ' ' && c < 0x7f || Character.isWhitespace(c))
        && !begin.contains("<svg");
  }

  /** The picture, and a data point that tells of it. */
  public ImageResult read(@Body Object body, @ExchangeProperty(Fetched.ORDER) RestRequest order) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return ImageResult.of(order, reply.verdict());
    }
    Picture picture = Picture.of(reply.body());
    if (picture == null) {
      return ImageResult.of(
          order,
          RestVerdict.of(
              isTrouble(reply.body()) ? RestVerdict.Kind.LATER : RestVerdict.Kind.NOTHING_THERE,
              "taking the picture of a vehicle: what BMW sent is no whole PNG or JPEG of at most"
                  + " 10 MB — nothing to do, it is asked for again"));
    }
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("bytes", (long) picture.bytes().length);
    about.put("sha256", picture.sha256());
    about.put("type", picture.type());
    RestMessage message =
        new Points(order.vin())
            .addUndated(KEY, about, null, reply.received(), newest)
            .message(order, RESOURCE, reply.received());
    return new ImageResult(order, RestVerdict.OK, List.of(message), picture, about);
  }
}
