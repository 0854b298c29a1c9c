// SPDX-License-Identifier: Apache-2.0
/** What is High Mobility's alone: its certificate files, and what its cars can tell. */
package org.cardatabridge.highmobility;
