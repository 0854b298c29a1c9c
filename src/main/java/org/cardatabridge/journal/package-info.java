// SPDX-License-Identifier: Apache-2.0
/** The events: component between ingest and sinks. */
package org.cardatabridge.journal;
