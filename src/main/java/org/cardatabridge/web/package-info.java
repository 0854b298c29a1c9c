// SPDX-License-Identifier: Apache-2.0
/** Status, vehicles, health, metrics and the page. */
package org.cardatabridge.web;
