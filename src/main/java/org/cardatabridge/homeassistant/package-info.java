// SPDX-License-Identifier: Apache-2.0
/** Home Assistant's discovery: which devices and entities it is told of, and when. */
package org.cardatabridge.homeassistant;
