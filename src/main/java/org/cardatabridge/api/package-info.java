// SPDX-License-Identifier: Apache-2.0
/**
 * BMW's REST side, the CarData API: one gate for every call with its quota ledger, what answers
 * mean, containers, and the plan of what is fetched when.
 */
package org.cardatabridge.api;
