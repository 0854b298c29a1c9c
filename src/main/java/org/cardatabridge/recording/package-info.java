// SPDX-License-Identifier: Apache-2.0
/** Recordings: messages as NDJSON, out of a journal and into a bridge, with or without names. */
package org.cardatabridge.recording;
