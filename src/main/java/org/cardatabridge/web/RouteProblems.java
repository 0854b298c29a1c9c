// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The route files that cannot be used and whose trouble no sink shows. Safe for use by many
 * threads.
 */
public final class RouteProblems {

  private final ConcurrentSkipListMap<String, String> byFile = new ConcurrentSkipListMap<>();

  /** Shows a file's trouble, in the place of what was shown of it. */
  public void put(String file, String problem) {
    byFile.put(file, problem);
  }

  /** Shows none of a file any more. */
  public void remove(String file) {
    byFile.remove(file);
  }

  /** Those there are, sorted by file. */
  public List<RouteProblem> all() {
    return byFile.entrySet().stream().map(e -> new RouteProblem(e.getKey(), e.getValue())).toList();
  }
}
