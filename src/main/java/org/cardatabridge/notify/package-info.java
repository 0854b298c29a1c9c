// SPDX-License-Identifier: Apache-2.0
/** Says on a phone what a person should know: rules, their memory, messages and channels. */
package org.cardatabridge.notify;
