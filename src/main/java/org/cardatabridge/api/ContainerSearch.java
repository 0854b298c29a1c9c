// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.List;
import java.util.Objects;

/**
 * How far the search for the bridge's container has come: the body between the steps of {@code
 * routes/rest-create-container.camel.yaml}. Immutable.
 *
 * @param kind {@link #UNKNOWN}, {@link #MISSING}, {@link #FOUND} or {@link #FAILED}
 * @param order what was asked for
 * @param wanted the descriptors it has to have
 * @param own the bridge's active containers, newest first
 * @param unseen those of them whose descriptors nobody knows, newest first
 * @param attempts how often one was to be created
 * @param found the container; null before it is found
 * @param verdict what BMW said last
 */
public record ContainerSearch(
    String kind,
    RestRequest order,
    List<String> wanted,
    List<Container> own,
    List<Container> unseen,
    int attempts,
    Container found,
    RestVerdict verdict) {

  /** One of ours may be it: look at its descriptors. */
  public static final String UNKNOWN = "unknown";

  /** There is none: create it. */
  public static final String MISSING = "missing";

  /** It is there. */
  public static final String FOUND = "found";

  /** BMW will not have it, or not now. */
  public static final String FAILED = "failed";

  /** Refuses a missing part by its name. */
  public ContainerSearch {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(verdict, "verdict");
    wanted = List.copyOf(wanted);
    own = List.copyOf(own);
    unseen = List.copyOf(unseen);
  }

  static ContainerSearch failed(RestRequest order, RestVerdict verdict) {
    return new ContainerSearch(FAILED, order, List.of(), List.of(), List.of(), 0, null, verdict);
  }

  ContainerSearch failed(RestVerdict why) {
    return new ContainerSearch(FAILED, order, wanted, own, unseen, attempts, null, why);
  }

  ContainerSearch found(Container it) {
    return new ContainerSearch(FOUND, order, wanted, own, unseen, attempts, it, RestVerdict.OK);
  }

  /** Goes on with the next one whose descriptors are not known, or with making one. */
  ContainerSearch goingOn(List<Container> rest) {
    String next = rest.isEmpty() ? MISSING : UNKNOWN;
    return new ContainerSearch(next, order, wanted, own, rest, attempts, null, verdict);
  }

  /** Creates it once more, with others. */
  ContainerSearch again(List<String> others) {
    return new ContainerSearch(MISSING, order, others, own, unseen, attempts + 1, null, verdict);
  }

  /** Says how it stands. */
  @Override
  public String toString() {
    return "ContainerSearch[" + kind + ", " + wanted.size() + " descriptors]";
  }
}
