// SPDX-License-Identifier: Apache-2.0
/** Data points as rows of a PostgreSQL table. */
package org.cardatabridge.sql;
