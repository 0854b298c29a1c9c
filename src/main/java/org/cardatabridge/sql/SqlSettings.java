// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.util.Optional;
import java.util.Properties;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * How to reach the database. Immutable; holds secrets.
 *
 * @param url the JDBC URL; never null
 * @param username user name; empty where the URL or nobody names one
 * @param password password; empty as well
 * @param table where rows go; never null
 * @param create whether the table may be made and brought up to date
 */
record SqlSettings(
    String url,
    Optional<String> username,
    Optional<String> password,
    TableName table,
    boolean create) {

  private static final String PREFIX = "cardata.sink.sql.";
  private static final String TAKES = "jdbc:postgresql:";

  /**
   * Reads them.
   *
   * @throws BadSettingException for one that is missing or cannot be used
   */
  static SqlSettings of(Settings settings) {
    String url =
        settings
            .find(PREFIX + "url")
            .orElseThrow(
                () ->
                    new BadSettingException(
                        PREFIX
                            + "url: got nothing, takes a URL such as"
                            + " jdbc:postgresql://host/database"));
    if (!url.startsWith(TAKES)) {
      throw new BadSettingException(
          PREFIX + "url: got one of another database, takes a URL that begins with " + TAKES);
    }
    String table = settings.get(PREFIX + "table");
    try {
      return new SqlSettings(
          url,
          settings.find(PREFIX + "username"),
          settings.find(PREFIX + "password"),
          TableName.of(table),
          settings.flag(PREFIX + "create"));
    } catch (IllegalArgumentException e) {
      throw new BadSettingException(PREFIX + "table", table, e.getMessage());
    }
  }

  /** For the driver; what the URL itself says is stronger. */
  Properties properties() {
    Properties properties = new Properties();
    username.ifPresent(name -> properties.setProperty("user", name));
    password.ifPresent(secret -> properties.setProperty("password", secret));
    properties.setProperty("ApplicationName", "cardata-bridge");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("loginTimeout", "20");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("tcpKeepAlive", "true");
    // The details of an error are the row itself.
    properties.setProperty("logServerErrorDetail", "false");
    return properties;
  }

  /** Names the table only. */
  @Override
  public String toString() {
    return "SqlSettings[" + table.quoted() + "]";
  }
}
