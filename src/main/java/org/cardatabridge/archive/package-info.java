// SPDX-License-Identifier: Apache-2.0
/** Data points as compressed files, of one day and one vehicle each, on a disk or in S3. */
package org.cardatabridge.archive;
