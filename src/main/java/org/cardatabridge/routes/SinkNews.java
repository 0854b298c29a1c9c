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

  /** Its file cannot be used, or an edit of it cannot. */
  void broken(String sink, String reason);

  /** A change of its file waits, in one sentence. */
  void waiting(String sink, String reason);

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
      public void broken(String sink, String reason) {}

      @Override
      public void waiting(String sink, String reason) {}

      @Override
      public void mended(String sink) {}

      @Override
      public boolean removed(String sink) {
        return true;
      }
    };
  }
}
