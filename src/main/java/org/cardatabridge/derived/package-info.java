// SPDX-License-Identifier: Apache-2.0
/**
 * Values worked out from values: the state of charge between two reports, smoothed charging power,
 * trips and charge sessions; pure functions of events and time, which give the same again.
 */
package org.cardatabridge.derived;
