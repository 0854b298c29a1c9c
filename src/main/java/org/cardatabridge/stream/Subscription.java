// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

/**
 * A topic filter that BMW granted. Immutable.
 *
 * @param filter the filter, with {@code …} in place of the user name, which is the account's GCID
 * @param qos the quality of service that BMW granted: 0, 1 or 2
 */
public record Subscription(String filter, int qos) {}
