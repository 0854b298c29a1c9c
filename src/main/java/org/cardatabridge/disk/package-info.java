// SPDX-License-Identifier: Apache-2.0
/** Small files of the data directory, written so that they survive a kill and a power cut. */
package org.cardatabridge.disk;
