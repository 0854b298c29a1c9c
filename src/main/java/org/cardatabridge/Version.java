// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote. */
public final class Version {

  private static final String RESOURCE = "/cardata-version.properties";

  private Version() {}

  /** This bridge's own, for example {@code 1.0.0}. */
  public static String own() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + RESOURCE, e);
    }
    return properties.getProperty("version");
  }
}
