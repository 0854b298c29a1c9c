// SPDX-License-Identifier: Apache-2.0
/** The routes folder: which file is loaded when, and what becomes of a broken one. */
package org.cardatabridge.routes;
