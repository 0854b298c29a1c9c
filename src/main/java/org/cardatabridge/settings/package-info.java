// SPDX-License-Identifier: Apache-2.0
/** What the user set, from every place it may stand, checked. */
package org.cardatabridge.settings;
