// SPDX-License-Identifier: Apache-2.0
/** The local MQTT broker: publisher, topics and the embedded broker. */
package org.cardatabridge.mqtt;
