// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

/**
 * A route file that cannot be used and whose trouble no sink shows. Immutable.
 *
 * @param file its name
 * @param problem line, reason and what goes on all the same, in one sentence without secrets
 */
public record RouteProblem(String file, String problem) {}
