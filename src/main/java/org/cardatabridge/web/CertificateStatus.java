// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * The {@code certificate} part of an account's status; nothing in it says whose it is. Immutable.
 *
 * @param state {@code valid}, {@code expires-soon}, {@code expired}, {@code not-yet-valid} or
 *     {@code unusable}
 * @param expiresAt when it ends; null where its file cannot be read
 * @param text what is wrong and what to do, in a sentence; null where nothing is to be done
 */
public record CertificateStatus(String state, Instant expiresAt, String text) {}
