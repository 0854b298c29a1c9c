// SPDX-License-Identifier: Apache-2.0
/** A simulated BMW: login, tokens and the MQTT stream, pleasant and unpleasant. */
package org.cardatabridge.simulator;
