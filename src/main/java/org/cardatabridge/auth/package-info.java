// SPDX-License-Identifier: Apache-2.0
/** Device login, token refresh and the token file. */
package org.cardatabridge.auth;
