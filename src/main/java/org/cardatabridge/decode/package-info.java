// SPDX-License-Identifier: Apache-2.0
/** From a message's bytes to typed data points. */
package org.cardatabridge.decode;
