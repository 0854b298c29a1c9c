// SPDX-License-Identifier: Apache-2.0
/** Finds out why there is no data: one class for each thing that can be wrong, in plain words. */
package org.cardatabridge.doctor;
