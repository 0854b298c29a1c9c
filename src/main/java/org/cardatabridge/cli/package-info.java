// SPDX-License-Identifier: Apache-2.0
/** The commands. */
package org.cardatabridge.cli;
