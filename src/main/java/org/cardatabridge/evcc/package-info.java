// SPDX-License-Identifier: Apache-2.0
/** A car as evcc wants to see it. */
package org.cardatabridge.evcc;
