// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.util.List;
import org.cardatabridge.CarEvent;

/** Makes rows of data points. Immutable and safe for use by many threads. */
public final class SqlRows {

  /** The rows in the order of their data points. */
  public List<SqlRow> map(List<CarEvent> events) {
    return events.stream().map(SqlRow::of).toList();
  }
}
