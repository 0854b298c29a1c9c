// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.api.RestVerdict.Kind.CONTAINERS_FULL;
import static org.cardatabridge.api.RestVerdict.Kind.CONTAINER_GONE;
import static org.cardatabridge.api.RestVerdict.Kind.CONTAINER_TOO_LARGE;
import static org.cardatabridge.api.RestVerdict.Kind.DESCRIPTOR;
import static org.cardatabridge.api.RestVerdict.Kind.LATER;
import static org.cardatabridge.api.RestVerdict.Kind.NOTHING_THERE;
import static org.cardatabridge.api.RestVerdict.Kind.OK;
import static org.cardatabridge.api.RestVerdict.Kind.PAGE_EXPIRED;
import static org.cardatabridge.api.RestVerdict.Kind.QUOTA;
import static org.cardatabridge.api.RestVerdict.Kind.TOKEN;
import static org.cardatabridge.api.RestVerdict.Kind.VEHICLE;
import static org.cardatabridge.api.RestVerdict.Kind.WRONG;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cardatabridge.api.Gate;
import org.cardatabridge.api.Purpose;
import org.cardatabridge.api.RestAction;
import org.cardatabridge.api.RestCall;
import org.cardatabridge.api.RestOutcome;
import org.cardatabridge.api.RestReply;
import org.cardatabridge.api.RestRequest;
import org.cardatabridge.api.RestVerdict;
import org.cardatabridge.simulator.ApiRequest;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every action of the REST side when BMW does not do as it is asked: one bridge, one simulator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class RestErrorsIT {

  private static final int ALWAYS = 30;
  private static final int MANY = 1000;
  private static final String KEY = "vehicle.vehicle.travelledDistance";

  /** The account whose quota is used up by the tests for that. */
  private static final int POOR = 1;

  private static StreamBench bench;

  /** What an order led to, and what it cost by the bridge's own count and at BMW. */
  private record Seen(RestOutcome outcome, int counted, List<ApiRequest> requests) {
    RestVerdict.Kind kind() {
      return outcome.verdict().kind();
    }

    String sentence() {
      return outcome.verdict().sentence();
    }
  }

  @BeforeAll
  static void open(@TempDir Path dir) throws Exception {
    Path routes = Files.createDirectory(dir.resolve("routes"));
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file :
          files
              .filter(f -> f.toString().matches(".*/(errors|flatten|auth-|rest-).*yaml"))
              .toList()) {
        // Who does not answer at all is waited for half a minute; here less is enough.
        Files.writeString(
            routes.resolve(file.getFileName()),
            Files.readString(file).replace("responseTimeout: 30000", "responseTimeout: 2500"));
      }
    }
    bench = new StreamBench(dir, 2, Behaviour.likeBmw());
    bench.set("routes.dir", routes.toString());
    bench.set("api.url", bench.simulator().apiUrl().toString());
    bench.set(0, "api.daily-limit", Integer.toString(MANY));
    bench.simulator().perform("settings", "{\"api-limit\":" + MANY + "}");
    bench.logIn(0, Duration.ofHours(1)).logIn(POOR, Duration.ofHours(1)).start();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @BeforeEach
  void renew() {
    bench.simulator().perform("clear-faults", "{}");
  }

  private static void fault(Place place, Fault fault, int times) {
    bench.simulator().fault(place, fault, times);
  }

  private static int counted(int account) {
    Gate gate =
        bench.camel().getRegistry().lookupByNameAndType("gate-" + bench.name(account), Gate.class);
    return gate.quotaNow().used();
  }

  private static Seen order(int account, RestAction action, Map<String, String> parameters) {
    int before = bench.simulator().apiRequests().size();
    int countedBefore = counted(account);
    RestOutcome outcome =
        bench
            .camel()
            .createFluentProducerTemplate()
            .to("direct:rest-" + action.word())
            .withBody(
                new RestRequest(
                    bench.name(account),
                    action,
                    action.isOfVehicle() ? bench.vin(account) : null,
                    Purpose.REQUEST,
                    parameters))
            .request(RestOutcome.class);
    List<ApiRequest> all = bench.simulator().apiRequests();
    return new Seen(outcome, counted(account) - countedBefore, all.subList(before, all.size()));
  }

  private static Seen order(RestAction action) {
    return order(0, action, parameters(action));
  }

  private static Map<String, String> parameters(RestAction action) {
    return switch (action) {
      case TELEMATIC_DATA, DELETE_CONTAINER -> Map.of("containerId", container("other"));
      default -> Map.of();
    };
  }

  /** Creates a container as a program of somebody would. */
  private static String container(String name) {
    bench.simulator().perform("forget-containers", "{}");
    RestReply reply =
        bench
            .camel()
            .createFluentProducerTemplate()
            .to("direct:rest-call-" + bench.name(0))
            .withBody(
                RestCall.post(
                    RestRequest.of(
                        bench.name(0), RestAction.CREATE_CONTAINER, null, Purpose.REQUEST),
                    "/customers/containers",
                    "{\"name\":\""
                        + name
                        + "\",\"purpose\":\"bridge\",\"technicalDescriptors\":[\""
                        + KEY
                        + "\"]}"))
            .request(RestReply.class);
    assertThat(reply.verdict().sentence()).isNull();
    return StreamBench.json(new String(reply.body())).path("containerId").asText();
  }

  /** Where the first call of an action goes. */
  private static Place first(RestAction action) {
    return switch (action) {
      case CREATE_CONTAINER, DELETE_CONTAINER -> Place.CONTAINERS;
      default -> Place.valueOf(action.name());
    };
  }

  private static void isTold(Seen seen, String part) {
    assertThat(seen.sentence()).contains(part, " — ").doesNotContain(bench.vin(0), "Bearer");
  }

  // ---- what every action may meet -----------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = RestAction.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DELETE_CONTAINER"})
  void isDone(RestAction action) {
    Seen seen = order(action);
    assertThat(seen.sentence()).isNull();
    assertThat(seen.kind()).isEqualTo(OK);
    assertThat(seen.outcome().data()).isNotNull();
    assertThat(seen.counted()).isBetween(1, 6).isEqualTo(seen.requests().size());
  }

  @ParameterizedTest
  @EnumSource(RestAction.class)
  void aServerInTroubleIsAskedOnceAndLeftAlone(RestAction action) {
    Map<String, String> parameters = parameters(action);
    for (String id : List.of("CU-500", "CU-503")) {
      fault(first(action), Fault.error(id), ALWAYS);
      Seen seen = order(0, action, parameters);
      bench.simulator().perform("clear-faults", "{}");
      assertThat(seen.kind()).isEqualTo(LATER);
      isTold(seen, id);
      assertThat(seen.counted()).isEqualTo(1);
      assertThat(seen.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(RestAction.class)
  void garbageIsNoAnswer(RestAction action) {
    Map<String, String> parameters = parameters(action);
    fault(first(action), Fault.garbage("<html>please log in</html>"), ALWAYS);
    Seen seen = order(0, action, parameters);
    assertThat(seen.kind()).isEqualTo(LATER);
    assertThat(seen.sentence()).contains(" — ").doesNotContain("please log in");
    assertThat(seen.counted()).isEqualTo(1);
    assertThat(seen.requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(RestAction.class)
  void aConnectionThatBreaksIsOneCall(RestAction action) {
    Map<String, String> parameters = parameters(action);
    fault(first(action), Fault.reset(), ALWAYS);
    Seen seen = order(0, action, parameters);
    assertThat(seen.kind()).isEqualTo(LATER);
    isTold(seen, "nothing to do");
    assertThat(seen.counted()).isEqualTo(1);
    assertThat(seen.requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = RestAction.class,
      names = {"MAPPINGS", "IMAGE", "CREATE_CONTAINER"})
  void whoDoesNotAnswerIsNotWaitedForForEver(RestAction action) {
    fault(first(action), Fault.silence(), 1);
    Seen seen = order(action);
    assertThat(seen.kind()).isEqualTo(LATER);
    isTold(seen, "did not answer in time");
    assertThat(seen.counted()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(RestAction.class)
  void aSlowAnswerIsAnAnswer(RestAction action) {
    Map<String, String> parameters = parameters(action);
    fault(first(action), Fault.slow(Duration.ofMillis(100)), 1);
    Seen seen = order(0, action, parameters);
    // The container that was to be deleted is not the bridge's.
    assertThat(seen.kind()).isEqualTo(action == RestAction.DELETE_CONTAINER ? WRONG : OK);
  }

  @Test
  void aTokenThatIsRefusedTwiceIsRenewedOnceAndNotTriedAThirdTime() {
    for (RestAction action : List.of(RestAction.MAPPINGS, RestAction.CREATE_CONTAINER)) {
      fault(first(action), Fault.status(401), ALWAYS);
      long refreshes = bench.refreshes(0);
      Seen seen = order(action);
      bench.simulator().perform("clear-faults", "{}");
      assertThat(seen.kind()).isEqualTo(TOKEN);
      isTold(seen, "401");
      assertThat(seen.counted()).isEqualTo(2);
      assertThat(seen.requests()).hasSize(2);
      assertThat(bench.refreshes(0) - refreshes).isEqualTo(1);
    }
  }

  @Test
  void aTokenThatIsRefusedOnceCostsOneMoreCall() {
    fault(Place.TYRES, Fault.error("CU-102"), 1);
    Seen seen = order(RestAction.TYRES);
    assertThat(seen.kind()).isEqualTo(OK);
    assertThat(seen.counted()).isEqualTo(2);
  }

  // ---- what some may meet -------------------------------------------------------------------

  private static Stream<Arguments> fitting() {
    return Stream.of(
        Arguments.of(RestAction.BASIC_DATA, "CU-104", VEHICLE, 1),
        Arguments.of(RestAction.TELEMATIC_DATA, "CU-104", VEHICLE, 1),
        Arguments.of(RestAction.CHARGING_HISTORY, "CU-104", VEHICLE, 1),
        Arguments.of(RestAction.IMAGE, "CU-104", VEHICLE, 1),
        Arguments.of(RestAction.TYRES, "CU-104", VEHICLE, 1),
        Arguments.of(RestAction.CHARGING_SETTINGS, "CU-104", VEHICLE, 1),
        Arguments.of(RestAction.MAPPINGS, "CU-400", WRONG, 1),
        Arguments.of(RestAction.CONTAINERS, "CU-401", WRONG, 1),
        Arguments.of(RestAction.CHARGING_HISTORY, "CU-401", WRONG, 1),
        Arguments.of(RestAction.BASIC_DATA, "CU-120", WRONG, 1),
        Arguments.of(RestAction.TELEMATIC_DATA, "CU-121", WRONG, 1),
        Arguments.of(RestAction.IMAGE, "CU-126", NOTHING_THERE, 1),
        Arguments.of(RestAction.CHARGING_SETTINGS, "CU-127", NOTHING_THERE, 1),
        // The list is begun again, once.
        Arguments.of(RestAction.CHARGING_HISTORY, "CU-125", PAGE_EXPIRED, 2),
        Arguments.of(RestAction.CHARGING_SETTINGS, "CU-125", PAGE_EXPIRED, 2));
  }

  @ParameterizedTest
  @MethodSource("fitting")
  void anErrorThatStaysIsToldAndEnds(
      RestAction action, String id, RestVerdict.Kind kind, int calls) {
    Map<String, String> parameters = parameters(action);
    fault(first(action), Fault.error(id), ALWAYS);
    Seen seen = order(0, action, parameters);
    assertThat(seen.kind()).isEqualTo(kind);
    isTold(seen, id);
    assertThat(seen.counted()).isEqualTo(calls);
    assertThat(seen.requests()).hasSize(calls);
  }

  @Test
  void aListWhosePageExpiredIsBegunAgain() {
    fault(Place.CHARGING_HISTORY, Fault.error("CU-125"), 1);
    Seen seen = order(RestAction.CHARGING_HISTORY);
    assertThat(seen.kind()).isEqualTo(OK);
    assertThat(seen.counted()).isEqualTo(seen.requests().size()).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CU-105", "CU-122"})
  void aContainerThatIsGoneIsMadeAgain(String id) {
    bench.simulator().perform("forget-containers", "{}");
    assertThat(order(RestAction.CREATE_CONTAINER).kind()).isEqualTo(OK);
    fault(Place.TELEMATIC_DATA, Fault.error(id), 1);

    Seen gone = order(0, RestAction.TELEMATIC_DATA, Map.of());
    assertThat(gone.kind()).isEqualTo(CONTAINER_GONE);
    isTold(gone, id);
    assertThat(gone.counted()).isEqualTo(1);
    Seen none = order(0, RestAction.TELEMATIC_DATA, Map.of());
    assertThat(none.kind()).isEqualTo(CONTAINER_GONE);
    assertThat(none.counted()).as("calls without a container").isZero();

    Seen made = order(RestAction.CREATE_CONTAINER);
    assertThat(made.kind()).isEqualTo(OK);
    assertThat(((Map<?, ?>) made.outcome().data()).get("reused")).isEqualTo(false);
    assertThat(order(0, RestAction.TELEMATIC_DATA, Map.of()).kind()).isEqualTo(OK);
  }

  private static Stream<Arguments> creating() {
    return Stream.of(
        Arguments.of("CU-124", CONTAINERS_FULL, 2),
        Arguments.of("CU-402", DESCRIPTOR, 4),
        Arguments.of("CU-403", CONTAINER_TOO_LARGE, 4),
        Arguments.of("CU-500", LATER, 2));
  }

  @ParameterizedTest
  @MethodSource("creating")
  void aContainerThatBmwDoesNotTakeIsTriedAFewTimesOnly(
      String id, RestVerdict.Kind kind, int most) {
    bench.simulator().perform("forget-containers", "{}");
    fault(Place.CREATE_CONTAINER, Fault.error(id), ALWAYS);
    Seen seen = order(RestAction.CREATE_CONTAINER);
    assertThat(seen.kind()).isEqualTo(kind);
    isTold(seen, id);
    assertThat(seen.counted()).isBetween(2, most).isEqualTo(seen.requests().size());
  }

  @Test
  void aContainerThatIsTooLargeIsMadeSmaller() {
    bench.simulator().perform("forget-containers", "{}");
    fault(Place.CREATE_CONTAINER, Fault.error("CU-403"), 1);
    Seen seen = order(RestAction.CREATE_CONTAINER);
    assertThat(seen.kind()).isEqualTo(OK);
    assertThat(seen.counted()).isEqualTo(3);
  }

  @Test
  void oneWhoseDescriptorsCannotBeReadIsAskedForLaterAndOneThatIsGoneIsMadeAgain() {
    container("cardata-bridge");
    fault(Place.CONTAINER, Fault.error("CU-500"), 1);
    Seen trouble = order(RestAction.CREATE_CONTAINER);
    assertThat(trouble.kind()).isEqualTo(LATER);
    assertThat(trouble.counted()).isEqualTo(2);

    fault(Place.CONTAINER, Fault.error("CU-105"), 1);
    Seen made = order(RestAction.CREATE_CONTAINER);
    assertThat(made.kind()).isEqualTo(OK);
    assertThat(made.requests())
        .extracting(ApiRequest::place)
        .containsExactly(Place.CONTAINERS, Place.CONTAINER, Place.CREATE_CONTAINER);
  }

  @Test
  void aContainerIsListedLookedAtAndDeleted() {
    String id = container("cardata-bridge");
    assertThat(order(RestAction.CONTAINERS).outcome().data().toString()).contains(id, "own=true");
    Seen looked = order(RestAction.CREATE_CONTAINER);
    assertThat(looked.requests()).extracting(ApiRequest::place).contains(Place.CONTAINER);

    fault(Place.DELETE_CONTAINER, Fault.error("CU-500"), 1);
    Seen trouble = order(0, RestAction.DELETE_CONTAINER, Map.of("containerId", id));
    assertThat(trouble.kind()).isEqualTo(LATER);
    assertThat(trouble.counted()).isEqualTo(2);
    Seen deleted = order(0, RestAction.DELETE_CONTAINER, Map.of("containerId", id));
    assertThat(deleted.outcome().data()).isEqualTo(Map.of("deleted", id));
    assertThat(deleted.counted()).isEqualTo(2);
    Seen again = order(0, RestAction.DELETE_CONTAINER, Map.of("containerId", id));
    assertThat(again.kind()).isEqualTo(WRONG);
    assertThat(again.counted()).as("it is not asked to delete it").isEqualTo(1);

    String other = container("cardata-bridge");
    fault(Place.DELETE_CONTAINER, Fault.error("CU-105"), 1);
    assertThat(order(0, RestAction.DELETE_CONTAINER, Map.of("containerId", other)).kind())
        .as("as good as deleted")
        .isEqualTo(OK);
  }

  // ---- the quota ----------------------------------------------------------------------------

  @Test
  void whereAllCallsAreUsedOneIsMadeToLearnItAndNoneFromThenOnForAnyAction() {
    Map<String, String> named = Map.of("containerId", "C0NTAINER0001");
    bench
        .simulator()
        .useApiCalls(
            bench.settings().get("cardata.account." + bench.name(POOR) + ".client-id"), MANY);
    Seen told = order(POOR, RestAction.MAPPINGS, Map.of());
    assertThat(told.kind()).isEqualTo(QUOTA);
    isTold(told, "CU-429");
    assertThat(told.counted()).isEqualTo(1);
    for (RestAction action : RestAction.values()) {
      Seen seen = order(POOR, action, named);
      assertThat(seen.kind()).as(action.word()).isEqualTo(QUOTA);
      isTold(seen, "BMW said");
      assertThat(seen.counted()).isZero();
      assertThat(seen.requests()).isEmpty();
    }
  }
}
