// SPDX-License-Identifier: Apache-2.0
/** The one BMW MQTT connection of an account and the state machine that owns it. */
package org.cardatabridge.stream;
