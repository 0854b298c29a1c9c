// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** The routes are the program: some test takes a step out of each, or puts one in. */
class EditedRoutesTest {

  private static final String ROOT = "org.cardatabridge";

  @Test
  void eachShippedRouteIsEditedByATest() {
    Set<String> shipped =
        ShippedRoute.files().stream()
            .flatMap(file -> ShippedRoute.of(file).routes().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> edited =
        tests()
            .flatMap(test -> Stream.of(test.getAnnotation(EditsRoute.class).value()))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(edited).as("routes with a test that says @EditsRoute").isEqualTo(shipped);
  }

  @Test
  void suchTestsAreInClassesThatMavenRuns() {
    assertThat(tests())
        .extracting(test -> test.getDeclaringClass().getSimpleName())
        .allMatch(name -> name.endsWith("Test") || name.endsWith("IT"));
  }

  private static Stream<Method> tests() {
    List<Class<?>> classes = ReflectionSupport.findAllClassesInPackage(ROOT, c -> true, n -> true);
    return classes.stream()
        .flatMap(
            type ->
                ReflectionSupport.findMethods(
                    type,
                    method -> method.isAnnotationPresent(EditsRoute.class),
                    HierarchyTraversalMode.TOP_DOWN)
                    .stream());
  }
}
