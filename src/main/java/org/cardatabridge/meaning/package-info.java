// SPDX-License-Identifier: Apache-2.0
/** What the values of a car mean, whichever descriptor carries them. */
package org.cardatabridge.meaning;
