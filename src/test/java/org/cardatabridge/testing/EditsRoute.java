// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that takes a step out of shipped routes, or puts one in, and shows that what happens
 * changes. It fails where it edits others than it names; {@code EditedRoutesTest} fails where no
 * test names a shipped route.
 */
@Test
@ExtendWith(EditsRoute.Check.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface EditsRoute {

  /** The ids of the routes; for what has no id, its file's name. */
  String[] value();

  /** Holds a test to what its annotation says. */
  final class Check implements BeforeEachCallback, AfterTestExecutionCallback {

    @Override
    public void beforeEach(ExtensionContext test) {
      ShippedRoute.takeEdited();
    }

    @Override
    public void afterTestExecution(ExtensionContext test) {
      Set<String> edited = ShippedRoute.takeEdited();
      if (test.getExecutionException().isEmpty()) {
        assertThat(edited)
            .as("routes that this test edited")
            .containsExactlyInAnyOrder(
                test.getRequiredTestMethod().getAnnotation(EditsRoute.class).value());
      }
    }
  }
}
