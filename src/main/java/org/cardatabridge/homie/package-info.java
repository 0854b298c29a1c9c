// SPDX-License-Identifier: Apache-2.0
/** Cars as devices of the Homie convention, version 5. */
package org.cardatabridge.homie;
