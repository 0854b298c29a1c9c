// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFolderTest {

  @TempDir Path folder;
  private final DefaultCamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() {
    context
        .getPropertiesComponent()
        .addPropertiesFunction(new AccountFunction((account, key) -> account + "-" + key));
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void intakeIsLoadedBehindAllThatItsMessagesPassAndTheErrorPolicyFirst() throws IOException {
    for (String name : List.of("ingest-stream", "sink-a", "my-own", "errors", "flatten")) {
      write(name, route(name, "direct:" + name, "log:x"));
    }
    Files.writeString(folder.resolve("README.md"), "not a route");

    assertThat(load())
        .extracting(RouteFile::name)
        .containsExactly("errors", "flatten", "my-own", "sink-a", "ingest-stream");
  }

  @Test
  void whatNoMessagePassesIsLoadedBehindTheIntake() throws IOException {
    for (String name :
        List.of(
            "web",
            "web-login",
            "auth-http",
            "watchdog",
            "ingest-a",
            "ingest-stream",
            "sink-a",
            "sink-mqtt",
            "sink-mqtt-raw",
            "sink-mqtt-forgotten",
            "sink-mqtt-status",
            "sink-mqtt-image")) {
      write(name, route(name, "direct:" + name, "log:x"));
    }

    assertThat(load())
        .extracting(RouteFile::name)
        .containsExactly(
            "sink-a",
            "sink-mqtt-raw",
            "sink-mqtt",
            "ingest-stream",
            "sink-mqtt-image",
            "sink-mqtt-status",
            "sink-mqtt-forgotten",
            "ingest-a",
            "watchdog",
            "auth-http",
            "web-login",
            "web");
  }

  @Test
  void whatChangedSinceItWasReadIsTakenUpByTheLooksThatFollow() throws IOException {
    write("mine", route("mine", "direct:before", "log:x"));
    RouteFolder.Choice all = RouteFolder.Choice.all(folder);
    RouteOrder read = RouteOrder.of(all);
    write("mine", route("mine", "direct:after", "log:x"));
    write("came", route("came", "direct:came", "log:x"));
    RouteFolder routes = new RouteFolder(context, new AccountRoutes(context, List.of("main")));

    routes.load(all, read, () -> {});
    assertThat(context.getRoutes()).extracting(Route::getId).containsExactly("mine");

    await()
        .untilAsserted(
            () -> {
              routes.look();
              assertThat(context.getRoutes())
                  .extracting(route -> route.getEndpoint().getEndpointUri())
                  .containsExactlyInAnyOrder("direct://after", "direct://came");
            });
  }

  @Test
  void whatSaysThatTheBridgeIsThereIsLoadedWhenAllOfItIs() throws IOException {
    for (String name : List.of("web-page", "web-observe", "web", "web-vehicles", "rest-a")) {
      write(name, route(name, "direct:" + name, "log:x"));
    }

    assertThat(load())
        .extracting(RouteFile::name)
        .containsExactly("rest-a", "web-vehicles", "web", "web-observe", "web-page");
  }

  @Test
  void theServerIsStartedBehindTheStreamAndBeforeWhatComesThen() throws IOException {
    for (String name : List.of("ingest-stream", "ingest-x", "auth-a")) {
      write(name, route(name, "direct:" + name, "log:x"));
    }
    List<List<String>> routesThen = new ArrayList<>();

    load(() -> routesThen.add(context.getRoutes().stream().map(Route::getId).toList()));

    assertThat(routesThen).containsExactly(List.of("ingest-stream"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "platform-http:/a",
        "\"platform-http:/a\"",
        "rest:get:a",
        "rest-api:a",
        "webhook:telegram:bots"
      })
  void anEndpointOnTheServerNeedsIt(String uri) {
    assertThat(text("      uri: " + uri).needsServer()).isTrue();
    assertThat(text("- from: {uri: " + uri + "}").needsServer()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- rest:",
        "- restConfiguration: {}\n- rest: {}",
        "  component: rest",
        "  component: 'webhook'"
      })
  void aRestDefinitionNeedsTheServer(String line) {
    assertThat(text(line).needsServer()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    id: ingest-rest",
        "      uri: direct:rest-call-main",
        "      uri: quartz:ingest-rest-main",
        "  steps: [bean: {ref: notifyChannels, method: webhook}]",
        "    id: rest-action",
        "# rest: what it is"
      })
  void aNameAloneDoesNotNeedTheServer(String line) {
    assertThat(text(line).needsServer()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- beans:\n  - {name: status, type: a.B}",
        "- 'beans': [{name: status, type: a.B}]",
        "- \"be\\x61ns\": [{name: status, type: a.B}]"
      })
  void aBeanIsSeenHoweverTheKeyIsWritten(String text) {
    assertThat(text(text).beanNames()).containsExactly("status");
  }

  @Test
  void aFileWithoutTheWordHasNoBeans() {
    assertThat(text(route("a", "direct:a", "log:a")).beanNames()).isEmpty();
  }

  private static RouteText text(String text) {
    return new RouteText(Path.of("a.camel.yaml"), text, null);
  }

  @Test
  void theServerIsStartedOnceBeforeTheFirstFileThatHasARouteOnIt() throws IOException {
    write("my-own", "# not rest:\n" + route("my-own", "direct:a", "log:a"));
    write("sink-a", "# platform-http\n" + route("sink-a", "direct:platform-http-a", "log:a"));
    write("web", route("web", "direct:platform-http-b", "log:b"));
    List<List<String>> routesThen = new ArrayList<>();

    load(() -> routesThen.add(context.getRoutes().stream().map(Route::getId).toList()));

    assertThat(routesThen).containsExactly(List.of("my-own"));
  }

  @Test
  void theServerIsStartedAtTheEndWhereNoFileNeedsIt() throws IOException {
    write("sink-a", route("sink-a", "direct:a", "log:a"));
    List<Integer> routesThen = new ArrayList<>();

    load(() -> routesThen.add(context.getRoutes().size()));

    assertThat(routesThen).containsExactly(1);
  }

  @Test
  void aFileWithAnotherEndingIsNamedOnce() throws IOException {
    for (String name : List.of("sink-a.yaml", "sink-b.camel.yml", "sink-c.xml")) {
      Files.writeString(folder.resolve(name), route("x", "direct:x", "log:x"));
    }
    Files.writeString(folder.resolve("sink-d.test.yaml"), "a test");
    Files.writeString(folder.resolve("README.md"), "not a route");

    try (CapturedLog log = CapturedLog.open()) {
      assertThat(load()).isEmpty();

      assertThat(log.warnings())
          .hasSize(3)
          .allSatisfy(line -> assertThat(line).contains("ends in .camel.yaml — rename it"));
    }
  }

  @Test
  void aComponentThatIsNotThereIsNamedWithWhereToReadOn() throws IOException {
    write("sink-b", route("sink-b", "telegram:bots", "log:b"));

    assertThat(load().get(0).problem())
        .isEqualTo(
            "line 4: no Camel component 'telegram' is part of the bridge —"
                + " docs/events.md#components lists those that are, and says how to add one");
  }

  @Test
  void whatALoginCallsIsLoadedBeforeIt() throws IOException {
    for (String name : List.of("auth-login", "auth-refresh", "auth-login-answer", "auth-http")) {
      write(name, route(name, "direct:" + name, "log:x"));
    }

    assertThat(load())
        .extracting(RouteFile::name)
        .containsExactly("auth-http", "auth-login-answer", "auth-login", "auth-refresh");
  }

  @Test
  void aFileWhoseNameBeginsWithADotIsLeftOutWithoutAWord() throws IOException {
    write("._sink-a", route("dotted", "direct:a", "log:a"));
    Files.writeString(folder.resolve(".#sink-a.yaml"), "");
    write("sink-a", route("sink-a", "direct:b", "log:b"));

    try (CapturedLog log = CapturedLog.open()) {
      assertThat(load()).extracting(RouteFile::name).containsExactly("sink-a");
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void onlyTheChosenFilesAreLoaded() throws IOException {
    write("sink-a", route("sink-a", "direct:a", "log:a"));
    write("sink-b", route("sink-b", "direct:b", "log:b"));

    new RouteFolder(context, new AccountRoutes(context, List.of()))
        .load(new RouteFolder.Choice(folder, Set.of("sink-b")), () -> {});

    assertThat(context.getRoutes()).extracting(Route::getId).containsExactly("sink-b");
  }

  @Test
  void unknownFieldIsNamedWithItsLineAndAllOthersRun() throws IOException {
    write("sink-a", route("sink-a", "direct:a", "log:a"));
    write("sink-b", route("sink-b", "direct:b", "log:b").replace("steps:", "stepz:"));
    write("sink-c", route("sink-c", "direct:c", "log:c"));

    List<RouteFile> files = load();

    assertThat(files.get(1).broken()).isTrue();
    assertThat(files.get(1).problem()).startsWith("line 5:").contains("stepz");
    assertThat(files.get(1).sink()).contains("b");
    assertStarted("sink-a", "sink-c");
  }

  @Test
  void textThatIsNoYamlIsNamedWithItsLine() throws IOException {
    write("sink-b", "- route:\n    id: [x\n");

    assertThat(load().get(0).problem()).contains("line");
  }

  @Test
  void aFileThatBringsAnErrorAboutIsNamedAndAllOthersRun() throws IOException {
    context.addComponent(
        "half",
        new DefaultComponent() {
          @Override
          protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> all) {
            throw new NoClassDefFoundError("com/x/Y");
          }
        });
    write("sink-a", route("sink-a", "direct:a", "log:a"));
    write("sink-b", "[".repeat(20000));
    write("sink-c", route("sink-c", "direct:c", "half:c"));
    write("sink-d", "# " + "x".repeat(1 << 20) + "\n" + route("sink-d", "direct:d", "log:d"));
    write("sink-e", route("sink-e", "direct:e", "log:e"));

    assertThat(load())
        .extracting(RouteFile::problem)
        .satisfiesExactly(
            a -> assertThat(a).isNull(),
            b -> assertThat(b).contains("nested too deep"),
            c -> assertThat(c).contains("a class is missing", "com/x/Y"),
            d -> assertThat(d).contains("larger than 1 MiB"),
            e -> assertThat(e).isNull());
    assertStarted("sink-a", "sink-e");
    assertThat(context.getRoutes()).hasSize(2);
  }

  @Test
  void fileWhoseSecondRouteCannotStartLeavesNothingBehind() throws IOException {
    write(
        "sink-b",
        route("sink-b", "direct:b", "log:b") + route("sink-b-2", "no-such-scheme:b", "log:b"));
    write("sink-c", route("sink-c", "direct:c", "log:c"));

    List<RouteFile> files = load();

    assertThat(files.get(0).problem()).contains("no-such-scheme");
    assertThat(context.getRouteDefinition("sink-b")).isNull();
    assertThat(context.getRoute("sink-b")).isNull();
    assertStarted("sink-c");
  }

  @Test
  void templateBecomesOneRouteForEachAccount() throws IOException {
    write(
        "ingest-stream",
        """
        - routeTemplate:
            id: ingest-stream
            parameters:
              - name: account
            from:
              uri: direct:in-{{account}}
              steps:
                - setBody:
                    expression:
                      simple:
                        expression: "{{account:{{account}}:stream.qos}}"
        """);

    assertThat(load().get(0).routeIds())
        .containsExactly("ingest-stream-main", "ingest-stream-wife");
    assertThat(context.createProducerTemplate().requestBody("direct:in-wife", null, String.class))
        .isEqualTo("wife-cardata.stream.qos");
  }

  private String problem(String text) throws IOException {
    write("x", text);
    String problem = load().get(0).problem();
    assertThat(context.getRoutes()).isEmpty();
    return problem;
  }

  private static String sending(String to) {
    return route("x", "direct:x", to);
  }

  @Test
  void aQuestionMarkInADefaultIsRefusedAsItsEndWouldBeSent() throws IOException {
    assertThat(problem(sending("\"{{a.url:http://localhost:9000/in?token=abc}}\"")))
        .startsWith("line 7: a default between {{ and }} cannot hold a '?' — ")
        .doesNotContain("abc");
  }

  @Test
  void aRouteWithoutItsDashIsRefused() throws IOException {
    assertThat(problem("# mine\n\nroute:\n  id: x\n  from:\n    uri: direct:x\n"))
        .isEqualTo("line 3: a route file is a list — write `- route:`, with the dash");
  }

  @Test
  void aFileThatYieldsNothingIsRefused() throws IOException {
    assertThat(problem("# - route:\n#     id: x\n"))
        .startsWith("there is no route in it, each line is a comment — ");
    assertThat(problem("[]")).startsWith("there is no route in it — write `- route:`");
    assertThat(problem("- beans: []\n")).startsWith("there is no route in it — ");
  }

  @Test
  void readingPublishIsRefusedWithItsLine() throws IOException {
    assertThat(problem(route("x", "events:publish", "log:x")))
        .isEqualTo(
            "line 4: events:publish is for writing only — read from events: and a name of your"
                + " own");
  }

  @Test
  void aSimpleExpressionThatCannotBeReadIsQuotedWithItsLine() throws IOException {
    String filter =
        """
        - route:
            id: x
            from:
              uri: direct:x
              steps:
                - filter:
                    expression:
                      simple:
                        expression: "${body} startswith 'a'"
                    steps:
                      - to:
                          uri: log:x
        """;
    assertThat(problem(filter))
        .startsWith("line 9: the expression \"${body} startswith 'a'\" cannot be read: ")
        .contains(" at its character 9")
        .endsWith(
            "operators have a blank on both sides: ==, !=, >, <, contains, starts with, in, &&");
  }

  @Test
  void partsThatAreMissingAreNamed() throws IOException {
    assertThat(problem("- route:\n    id: x\n    description: y\n"))
        .matches("line \\d: the route has no `from:` — .*");
    assertThat(problem("- route:\n    id: x\n    from:\n      uri: direct:x\n"))
        .matches("line \\d: .*steps.*");
  }

  @Test
  void anOddSwitchIsNamedWithItsLine() throws IOException {
    assertThat(problem(sending("log:x").replace("id: x\n", "id: x\n    autoStartup: ture\n")))
        .isEqualTo("line 3: autoStartup is 'ture' — it takes true or false");
  }

  @Test
  void anOptionThatIsNotThereIsNamedWithItsLine() throws IOException {
    assertThat(problem(sending("log:x?showBdy=true")))
        .isEqualTo(
            "line 6: log has no option 'showBdy' — look at its spelling in Camel's documentation of"
                + " log");
  }

  @Test
  void anAddressWithAQueryAndParametersIsToldHowToBeWritten() throws IOException {
    String both =
        sending("http://localhost:9000/in?token=abc")
            + "            parameters:\n              httpMethod: POST\n";
    assertThat(problem(both))
        .startsWith("line 7: an address with a '?' and `parameters:` do not go together — ")
        .doesNotContain("abc");
  }

  @Test
  void aFileWhoseEveryRouteIsSwitchedOffIsLeftOutWhereThatIsAskedFor() throws IOException {
    String off = "    autoStartup: \"{{cardata.sink.x.enabled:false}}\"\n";
    String on = "    autoStartup: \"{{cardata.sink.y.enabled:true}}\"\n";
    write("sink-off", switched("off", off) + switched("off-too", off));
    write(
        "send-off",
        switched("send", off).replace("events:", "direct:")
            + "        - to:\n            uri: events:publish\n");
    write("sink-half", switched("half", off) + switched("other-half", on));
    write("sink-plain", switched("plain", "").replace("\n\n", "\n"));
    write("policy", "- routeConfiguration:\n    id: p\n" + switched("with", off));
    write("sink-new", switched("new", off).replace("false", "ture"));
    List<String> shown = new ArrayList<>();
    SinkNews news =
        (SinkNews)
            java.lang.reflect.Proxy.newProxyInstance(
                SinkNews.class.getClassLoader(),
                new Class<?>[] {SinkNews.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("off")) {
                    shown.add((String) args[0]);
                  }
                  return method.getReturnType() == boolean.class ? true : null;
                });
    List<RouteFile> files =
        new RouteFolder(
                context, new AccountRoutes(context, List.of("main")), news, Clock.systemUTC())
            .load(new RouteFolder.Choice(folder, Set.of(), true), () -> {});

    assertThat(files)
        .filteredOn(file -> file.routeIds().isEmpty() && !file.broken())
        .extracting(RouteFile::name)
        .containsExactlyInAnyOrder("send-off", "sink-off");
    assertThat(shown).containsExactlyInAnyOrder("off", "off-too");
    assertThat(files)
        .filteredOn(RouteFile::broken)
        .extracting(RouteFile::name)
        .containsExactly("sink-new");
  }

  private static String switched(String name, String autoStartup) {
    return "- route:\n    id: "
        + name
        + "\n"
        + autoStartup
        + "    from:\n      uri: events:"
        + name
        + "\n      steps:\n        - log:\n            message: x\n";
  }

  @Test
  void aValueThatCannotBeUsedIsNotShownAsItMayBeAPassword() throws IOException {
    String bean =
        "- beans:\n    - name: own\n      type: java.util.Date\n      properties:\n"
            + "        urll: S3cretWord\n"
            + sending("bean:own?method=getTime");
    assertThat(problem(bean)).isNotNull().contains("urll").doesNotContain("S3cretWord");
    assertThat(problem(sending("log:x?pasword=S3cretWord"))).doesNotContain("S3cretWord");
  }

  private List<RouteFile> load() {
    return load(() -> {});
  }

  private List<RouteFile> load(Runnable server) {
    return new RouteFolder(context, new AccountRoutes(context, List.of("main", "wife")))
        .load(RouteFolder.Choice.all(folder), server);
  }

  private void assertStarted(String... ids) {
    for (String id : ids) {
      assertThat(context.getRouteController().getRouteStatus(id)).isEqualTo(ServiceStatus.Started);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + RouteFolder.SUFFIX), text);
  }

  private static String route(String id, String from, String to) {
    return """
    - route:
        id: %s
        from:
          uri: %s
          steps:
            - to:
                uri: %s
    """
        .formatted(id, from, to);
  }
}
