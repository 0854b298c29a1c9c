// SPDX-License-Identifier: Apache-2.0
/** Measures the bridge from outside, beside a bare client; see docs/performance.md. */
package org.cardatabridge.bench;
