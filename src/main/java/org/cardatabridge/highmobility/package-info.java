// SPDX-License-Identifier: Apache-2.0
/**
 * The client certificate that High Mobility knows us by: its files, what they hold, what is wrong.
 */
package org.cardatabridge.highmobility;
