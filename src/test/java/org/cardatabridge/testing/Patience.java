// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long every test waits for what is to come, where it says nothing else: a limit that costs
 * nothing while the tests pass, and that a busy machine does not reach.
 */
public final class Patience implements BeforeAllCallback {

  private static final Duration LIMIT = Duration.ofSeconds(40);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
