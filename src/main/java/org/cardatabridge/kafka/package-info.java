// SPDX-License-Identifier: Apache-2.0
/** Data points as records of a Kafka topic. */
package org.cardatabridge.kafka;
