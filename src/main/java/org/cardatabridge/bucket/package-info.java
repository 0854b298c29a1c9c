// SPDX-License-Identifier: Apache-2.0
/** High Mobility's second door: the objects that it writes into a bucket, each read once. */
package org.cardatabridge.bucket;
