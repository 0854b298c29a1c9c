// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * One REST call in an account's status. Immutable.
 *
 * @param at when
 * @param method of the HTTP request
 * @param path VINs shortened, without parameters
 * @param purpose {@code routine}, {@code gap}, {@code help} or {@code request}
 * @param status of the answer; 0 where none came; null where it is not known
 * @param errorId BMW's id of an error; null for none
 * @param error what went wrong and what to do; null for nothing
 * @param bytes of the answer; null where not known
 * @param millis how long it took; null where not known
 */
public record CallStatus(
    Instant at,
    String method,
    String path,
    String purpose,
    Integer status,
    String errorId,
    String error,
    Long bytes,
    Long millis) {}
