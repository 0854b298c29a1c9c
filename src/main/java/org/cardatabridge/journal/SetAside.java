// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * What a sink's target refused for good. Immutable.
 *
 * @param sink the sink's name
 * @param at when it was set aside
 * @param reason why, in words, without secrets
 * @param message the message it came in
 * @param event the data point; null where the sink takes whole messages
 */
public record SetAside(
    String sink, Instant at, String reason, CarMessage message, CarEvent event) {}
