// SPDX-License-Identifier: Apache-2.0
/** Targets that take data points over HTTP: InfluxDB's line protocol and webhooks. */
package org.cardatabridge.push;
