// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.util.TimeUtils;

/**
 * {@code {{millis:cardata.watchdog.tick:15s}}}: a duration setting as milliseconds, for Quartz,
 * whose intervals take nothing else. Camel finds it by its name on the class path.
 */
public final class MillisFunction implements PropertiesFunction, CamelContextAware {

  private CamelContext context;

  @Override
  public String getName() {
    return "millis";
  }

  /** The setting's milliseconds; after a second colon stands the default. */
  @Override
  public String apply(String remainder) {
    String[] parts = remainder.split(":", 2);
    String duration =
        context
            .getPropertiesComponent()
            .resolveProperty(parts[0])
            .or(() -> Optional.ofNullable(parts.length > 1 ? parts[1] : null))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Reading "
                            + parts[0]
                            + ": it is not set — set it to a duration such as 15s"));
    return String.valueOf(TimeUtils.toMilliSeconds(duration));
  }

  @Override
  public CamelContext getCamelContext() {
    return context;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.context = camelContext;
  }
}
