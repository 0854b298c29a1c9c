// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The route and the test of docs/testing-routes.md, and what becomes of them with changes. */
@Timeout(120)
class RouteTestsTest {

  private static final Path DOCUMENT = Path.of("docs/testing-routes.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

  @TempDir Path folder;
  private String route;
  private String test;

  @BeforeEach
  void readTheDocument() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(DOCUMENT));
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertThat(blocks).hasSize(2);
    route = blocks.get(0);
    test = blocks.get(1);
  }

  private List<RouteTests.Result> run() throws Exception {
    Path file = folder.resolve("sink-hook.camel.yaml");
    Files.writeString(file, route);
    Files.writeString(folder.resolve("sink-hook.test.yaml"), test);
    return new RouteTests(Path.of("routes")).run(RouteTests.testsOf(file).get(0));
  }

  private List<String> differences() throws Exception {
    return run().stream()
        .flatMap(result -> result.differences().stream())
        .map(line -> line.replace(folder + "/", ""))
        .toList();
  }

  /** One test of the hook with these lines behind its name. */
  private void only(String lines) {
    test = "tests:\n  - name: one\n" + lines.indent(4);
  }

  @Test
  void theDocumentedTestsPass() throws Exception {
    assertThat(run())
        .extracting(RouteTests.Result::name)
        .containsExactly(
            "posts each value, in order",
            "waits for a target that is away",
            "sets aside what the target refuses, and goes on");
    assertThat(differences()).isEmpty();
  }

  @Test
  void theDocumentedDifferenceIsWhatARouteWithoutTheKeyGives() throws Exception {
    route = route.replace("${body.key}=${body.value}", "${body.value}");
    assertThat(differences().get(0))
        .isEqualTo(
            "sink-hook.test.yaml:10: to-hook, message 1, body: expected"
                + " 'vehicle.vehicle.travelledDistance=81623 km', got '81623 km'");
    assertThat(Files.readString(DOCUMENT))
        .contains(
            "sink-hook.test.yaml:10: to-hook, message 1, body: expected"
                + " 'vehicle.vehicle.travelledDistance=81623 km', got '81623 km'");
  }

  @Test
  void aRouteThatSendsNothingMoreOrOtherThingsFails() throws Exception {
    only(
        """
        given:
          - event: {key: a.b, value: 1}
          - event: {key: a.c, value: {x: 1, list: [1, 2]}}
        expect:
          to-hook: []
        """);
    assertThat(differences())
        .containsExactly(
            "sink-hook.test.yaml:7: to-hook, message 1: expected 'no more', got 'a.b=1 '",
            "sink-hook.test.yaml:7: to-hook, message 2: expected 'no more', got"
                + " 'a.c={x=1, list=[1, 2]} '");
    only("given: [event: {key: a.b, value: 1}]\nexpect: {set-aside: []}");
    assertThat(differences())
        .containsExactly(
            "sink-hook.test.yaml:4: to-hook (http:localhost:9000): expected 'nothing', got 'a.b=1"
                + " '");
    only("given: [event: {key: a.b, value: 1}]\nexpect:\n  to-hook: [{body: 'a.b=1 '}, {body: x}]");
    assertThat(differences())
        .containsExactly(
            "sink-hook.test.yaml:5: to-hook, message 2: expected a message with body 'x',"
                + " got none");
  }

  @Test
  void aBeanStepIsAMockWhereItsIdIsNamed() throws Exception {
    route =
        route.replace(
            "        - to:\n            id: to-hook\n",
            """
                    - bean:
                        id: to-database
                        ref: sqlTable
                        method: prepare
                    - to:
                        id: to-hook
            """);
    only(
        """
        mocks:
          to-database: {fails: 1}
        given:
          - event: {key: a.b, value: 1}
        expect:
          to-database: [{body: 'a.b=1 '}]
          to-hook: {count: 1}
        """);
    assertThat(differences()).isEmpty();
    only("within: 300ms\ngiven: [event: {key: a.b, value: 1}]\nexpect:\n  to-hook: {count: 1}");
    assertThat(differences()).anyMatch(line -> line.contains("cardata.sink.sql.url"));
  }

  @Test
  void headersOptionsAndJsonAreComparedPartByPart() throws Exception {
    route =
        route
            .replace(
                "        - to:\n            id: to-hook\n",
                """
                        - setBody:
                            expression:
                              simple:
                                expression: '{"key":"${header.Absent}","n":2,"list":[1,2]}'
                        - setHeader:
                            name: X-Mine
                            expression:
                              constant:
                                expression: yes
                        - to:
                            id: to-hook
                """)
            .replace("httpMethod: POST", "httpMethod: PUT");
    only(
        """
        given:
          - event: {key: a.b, value: 1}
        expect:
          to-hook:
            - headers: {X-Mine: no, X-Gone: a}
              parameters: {httpMethod: POST}
              json: {key: k, n: 2.0, list: [1], more: 1}
        """);
    assertThat(differences())
        .containsExactlyInAnyOrder(
            "sink-hook.test.yaml:7: to-hook, message 1, header X-Mine: expected 'no', got 'yes'",
            "sink-hook.test.yaml:7: to-hook, message 1, header X-Gone: is not there",
            "sink-hook.test.yaml:8: to-hook, message 1, option httpMethod: expected 'POST', got"
                + " 'PUT'",
            "sink-hook.test.yaml:9: to-hook, message 1, body.key: expected 'k', got ''",
            "sink-hook.test.yaml:9: to-hook, message 1, body.list: expected '1 items', got '2"
                + " items: [1,2]'",
            "sink-hook.test.yaml:9: to-hook, message 1, body.more: is not there");
  }

  @Test
  void anOutageSetsNothingAsideAndIsSaidToWait() throws Exception {
    only(
        """
        mocks:
          to-hook: {fails: always}
        given:
          - event: {key: a.b, value: 1}
          - event: {key: a.c, value: 2}
        expect:
          waiting: 1
        """);
    assertThat(differences())
        .singleElement()
        .asString()
        .startsWith("sink-hook.test.yaml:9: still to be delivered: expected '1', got '2:")
        .contains("the test's mock fails");
  }

  @Test
  void aNameThatNoStepHasIsSaid() throws Exception {
    only("given: [event: {key: a.b, value: 1}]\nexpect: {to-hok: {count: 1}}");
    assertThat(differences())
        .contains(
            "sink-hook.test.yaml:4: no step and no endpoint of the route is called 'to-hok' — did"
                + " you mean 'to-hook'?");
  }

  @Test
  void aRouteThatTheBridgeWouldNotLoadFailsWithItsLineOrReason() throws Exception {
    String good = route;
    route = good.replace("steps:", "stepz:");
    assertThat(differences().get(0)).contains("sink-hook.camel.yaml:9: cannot be loaded: ");
    route = good.replace("{{cardata.sink.hook.url:http://localhost:9000}}", "telegram:bots");
    assertThat(differences().get(0)).contains("no Camel component 'telegram'");
    route =
        good.replace("httpMethod: POST", "skipWhenDow: 1")
            .replace("{{cardata.sink.hook.url:http://localhost:9000}}", "quartz:x");
    assertThat(differences().get(0)).contains("no option 'skipWhenDow'");
  }

  @Test
  void aRouteWithoutItsDashIsNamedAsSuchAndNothingIsGuessed() throws Exception {
    route = "route:\n  id: sink-hook\n";
    assertThat(differences().get(0))
        .contains("sink-hook.camel.yaml:1: cannot be loaded: a route file is a list");
    route =
        """
        - route:
            id: sink-hook
            from:
              uri: events:publish
              steps:
                - log: x
        """;
    assertThat(differences().get(0))
        .contains("sink-hook.camel.yaml:4: cannot be loaded: events:publish is for writing only");
    assertThat(differences().subList(1, 3)).containsOnly("not run, for the reason above");
  }

  @Test
  void mistakesInATestFileAreRefusedWithTheirLine() {
    assertRefused("tests:\n  - nam: x\n", ":2: there is no 'nam' here — did you mean 'name'?");
    assertRefused("tests: []\n", ":1: there are no tests");
    assertRefused("a: [\n", ": is no YAML: ");
    assertRefused("tests:\n  - name: x\n    given: []\n", ":2: a test needs 'expect'");
    assertRefused(one("expect: {}"), ":4: 'expect' is empty, so the test could not fail");
    assertRefused(
        one("expect: {x: [{bdy: 1}]}"), ":4: there is no 'bdy' here — did you mean 'body'?");
    assertRefused(one("expect: {x: [{matches: '('}]}"), ":4: 'matches' takes a regular expression");
    assertRefused(one("expect: {x: {count: -1}}"), ":4: 'count' takes a whole number");
    assertRefused(
        one("mocks: {x: {fails: 1, with: no.Such}}\nexpect: {x: []}"),
        ":4: 'with' takes an exception");
    assertRefused(one("mocks: {x: {status: 400}}\nexpect: {x: []}"), ":4: 'status' needs 'fails'");
    assertRefused(one("settings: {cardata.stream.prt: 1}\nexpect: {to-hook: []}"), "did you mean");
    assertRefused(one("settings: {other: 1}\nexpect: {x: []}"), ":4: 'settings' takes cardata.");
  }

  private static String one(String lines) {
    return "tests:\n  - name: one\n    given: [event: {key: a.b, value: 1}]\n" + lines.indent(4);
  }

  private void assertRefused(String text, String sentence) {
    test = text;
    assertThatThrownBy(this::run)
        .as(text)
        .isInstanceOf(BadTestFileException.class)
        .hasMessageContaining("sink-hook.test.yaml")
        .hasMessageContaining(sentence);
  }
}
