// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

/**
 * Hears what becomes of the sinks that route files bring, to show it. The names are those of {@code
 * events:<name>}.
 */
public interface SinkNews {

  /** Whether nobody reads under the name any more, so that a new route can begin. */
  boolean isFree(String sink);

  /** Its file is there, and a setting switches it off. */
  void off(String sink);

  /**
   * Its file cannot be used, or an edit of it cannot.
   *
   * @param reason file, line and reason
   * @param remark what goes on all the same
   */
  void broken(String sink, String reason, String remark);

  /** A file that is no sink's, as far as can be seen, cannot be used. */
  void problem(String file, String reason);

  /** Nothing is wrong with a file any more, or its trouble is shown at a sink. */
  void solved(String file);

  /** A change of its file waits, in one sentence. */
  void waiting(String sink, String reason);

  /** Its routes are about to be replaced, which is no reason to show it as switched off. */
  void changing(String sink);

  /** The change is over, done or given up. */
  void changed(String sink);

  /** Its file is in use as it is on the disk. */
  void mended(String sink);

  /**
   * No file brings it any more; its position stays.
   *
   * @return whether it could be taken out; false while its last run has not ended
   */
  boolean removed(String sink);

  /** For a folder whose sinks nobody watches. */
  static SinkNews none() {
    return new SinkNews() {
      @Override
      public boolean isFree(String sink) {
        return true;
      }

      @Override
      public void off(String sink) {}

      @Override
      public void broken(String sink, String reason, String remark) {}

      @Override
      public void problem(String file, String reason) {}

      @Override
      public void solved(String file) {}

      @Override
      public void waiting(String sink, String reason) {}

      @Override
      public void changing(String sink) {}

      @Override
      public void changed(String sink) {}

      @Override
      public void mended(String sink) {}

      @Override
      public boolean removed(String sink) {
        return true;
      }
    };
  }
}
