// SPDX-License-Identifier: Apache-2.0
/** Tests of route files, written in YAML: what comes in, what has to come out. */
package org.cardatabridge.routetest;
