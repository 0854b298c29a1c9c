// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.dashboards;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fills in what Grafana fills in before it sends a query, as far as these dashboards use it:
 *
 * <ul>
 *   <li>{@code ${name:raw}}, {@code ${name:regex}}, {@code ${name:sqlstring}}: a variable's values
 *   <li>{@code $__interval}, {@code $__interval_ms}, {@code ${__to}}
 *   <li>InfluxQL: {@code $timeFilter}
 *   <li>SQL: {@code $__timeFilter(column)}, {@code $__timeGroupAlias(column, interval)}, {@code
 *       $__timeTo()}
 * </ul>
 *
 * What is left over fails. Immutable.
 *
 * @param from beginning of the chosen time
 * @param to its end
 * @param interval width of a point; whole seconds
 * @param variables values that are chosen, never empty
 */
record GrafanaMacros(
    Instant from, Instant to, Duration interval, Map<String, List<String>> variables) {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):(raw|regex|sqlstring)}");
  private static final Pattern FILTER = Pattern.compile("\\$__timeFilter\\((\\w+)\\)");
  private static final Pattern GROUP = Pattern.compile("\\$__timeGroupAlias\\((\\w+), *(\\d+)s\\)");
  private static final Pattern LEFT_OVER = Pattern.compile("\\$[A-Za-z_{][^ ,)]*");

  /** A query for InfluxDB. */
  String influxQl(String query) {
    String filter = "time >= " + from.toEpochMilli() + "ms and time <= " + to.toEpochMilli() + "ms";
    return done(common(query).replace("$timeFilter", filter));
  }

  /** A query for PostgreSQL. */
  String sql(String query) {
    String sql = common(query).replace("$__timeTo()", "'" + to + "'");
    sql = FILTER.matcher(sql).replaceAll("$1 BETWEEN '" + from + "' AND '" + to + "'");
    sql = GROUP.matcher(sql).replaceAll("floor(extract(epoch from $1)/$2)*$2 AS \"time\"");
    return done(sql);
  }

  private String common(String query) {
    return VARIABLE
        .matcher(query)
        .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(values(found)))
        .replace("${__to}", Long.toString(to.toEpochMilli()))
        .replace("$__interval_ms", Long.toString(interval.toMillis()))
        .replace("$__interval", interval.toSeconds() + "s");
  }

  private String values(MatchResult found) {
    List<String> values = variables.get(found.group(1));
    if (values == null) {
      throw new IllegalArgumentException("no variable " + found.group(1));
    }
    return switch (found.group(2)) {
      case "raw" -> String.join(",", values);
      case "regex" -> {
        String either =
            values.stream()
                .map(value -> value.replaceAll("[\\\\^$*+?.()|\\[\\]{}/]", "\\\\$0"))
                .collect(Collectors.joining("|"));
        yield values.size() == 1 ? either : "(" + either + ")";
      }
      default ->
          values.stream()
              .map(value -> "'" + value.replace("'", "''") + "'")
              .collect(Collectors.joining(","));
    };
  }

  private static String done(String query) {
    var left = LEFT_OVER.matcher(query);
    if (left.find()) {
      throw new IllegalArgumentException("nothing here fills in " + left.group());
    }
    return query;
  }
}
