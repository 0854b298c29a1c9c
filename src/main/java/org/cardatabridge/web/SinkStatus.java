// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

/**
 * One sink in {@code /api/status}. Immutable.
 *
 * @param name the sink's name
 * @param enabled whether its route runs
 * @param state {@code up}, {@code down}, {@code disabled} or {@code broken}
 * @param delivered how much its target took since the bridge started
 * @param failed how much was set aside since then
 * @param lag how much it still has to read
 * @param lost how much a full journal dropped before it was read; null for none
 * @param lastError why it is down or broken, or why something was set aside last; null for none
 */
public record SinkStatus(
    String name,
    boolean enabled,
    String state,
    long delivered,
    long failed,
    long lag,
    Long lost,
    String lastError) {

  SinkStatus withoutUrls() {
    return new SinkStatus(
        name, enabled, state, delivered, failed, lag, lost, Urls.removed(lastError));
  }
}
