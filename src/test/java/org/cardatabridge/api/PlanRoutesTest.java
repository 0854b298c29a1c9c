// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.routes.AccountFunction;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.routes.DirectBeans;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped routes that ask the plan, with stand-ins for the routes that fetch. */
class PlanRoutesTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String OTHER = "WBY00TEST00000002";

  private final SetClock clock = new SetClock(Instant.parse("2026-03-02T06:00:00Z"));
  private final Map<String, String> settings = new HashMap<>();
  private final List<RestRequest> fetched = new CopyOnWriteArrayList<>();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final SimulatedBmw bmw = new SimulatedBmw(SimulatedBmw.Reset.ROLLING);
  private final RestNotes notes = new SimulatedNotes(clock);
  private RestVerdict verdict = RestVerdict.OK;

  @AfterEach
  void end() throws Exception {
    context.close();
  }

  private PlanFacts facts() {
    Instant now = clock.instant();
    List<PlanFacts.Car> cars = new ArrayList<>();
    for (String vin : List.of(VIN, OTHER)) {
      cars.add(new PlanFacts.Car(vin, "car", now, now, now, false, false, true));
    }
    return new PlanFacts(
        new PlanFacts.Login(true, true, null), true, bmw.quota(now), cars, false, null);
  }

  /** Everything runs; ticks come by hand, those of crons from Quartz. */
  private PlanRoutesTest start(ShippedRoute... files) throws Exception {
    DirectBeans.installIn(context);
    context
        .getPropertiesComponent()
        .addPropertiesFunction(new AccountFunction((name, key) -> settings.get(key)));
    context
        .getRegistry()
        .bind(
            "planner-main", new Planner("main", SimulatedLife.usual(), this::facts, notes, clock));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            for (RestAction action : RestAction.values()) {
              from("direct:rest-" + action.word())
                  .process(
                      exchange -> {
                        fetched.add(exchange.getMessage().getBody(RestRequest.class));
                        exchange.getMessage().setBody(new RestOutcome(verdict, null));
                      });
            }
          }
        });
    for (ShippedRoute file : files) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
    }
    new AccountRoutes(context, List.of("main")).addMissing();
    for (String route :
        List.of(
            "ingest-rest-main",
            "rest-schedule-mappings-main",
            "rest-schedule-charging-settings-main")) {
      if (context.getRouteDefinition(route) != null) {
        AdviceWith.adviceWith(context, route, advice -> advice.replaceFromWith("direct:tick"));
      }
    }
    context.start();
    return this;
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      context.createFluentProducerTemplate().to("direct:tick").send();
      clock.move(Duration.ofSeconds(10));
    }
  }

  @Test
  void aTickFetchesOneThingAndTellsThePlan() throws Exception {
    start(ShippedRoute.of("ingest-rest"));

    tick(1);

    assertThat(fetched)
        .containsExactly(RestRequest.of("main", RestAction.MAPPINGS, null, Purpose.ROUTINE));
    assertThat(notes.find("main", null, "mappings.fetched")).isPresent();
    assertThat(notes.find("main", null, "mappings.tried")).isEmpty();
  }

  @Test
  void aFailureIsKeptWithItsSentence() throws Exception {
    verdict = RestVerdict.of(RestVerdict.Kind.LATER, "BMW is away — nothing to do");
    start(ShippedRoute.of("ingest-rest"));

    tick(3);

    assertThat(fetched).hasSize(1);
    assertThat(notes.find("main", null, "mappings.tried"))
        .hasValueSatisfying(note -> assertThat(note.text()).contains("BMW is away"));
  }

  @EditsRoute("ingest-rest")
  void withoutTheReportThePlanWaitsForIt() throws Exception {
    start(ShippedRoute.of("ingest-rest").without("method: \"done("));

    tick(10);

    assertThat(fetched).hasSize(1);
  }

  @EditsRoute("ingest-rest")
  void aFilterPutInLeavesTyresOut() throws Exception {
    start(
        ShippedRoute.of("ingest-rest")
            .before(
                "id: fetch",
                """
                - filter:
                    expression:
                      simple:
                        expression: "${body.action.word} == 'mappings'"
                    steps:
                      - setBody:
                          expression:
                            constant:
                              expression: mine
                      - stop: {}
                """));

    tick(1);

    assertThat(fetched).isEmpty();
  }

  @Test
  void aCronFetchesForEachCarAtItsTime() throws Exception {
    settings.put("cardata.api.tyres.cron", "* * * * * ?");
    start(ShippedRoute.of("rest-schedule"));

    await().atMost(Duration.ofSeconds(40)).until(() -> fetched.size() >= 2);
    context.getRouteController().stopRoute("rest-schedule-tyres-main");

    assertThat(fetched)
        .contains(
            RestRequest.of("main", RestAction.TYRES, VIN, Purpose.ROUTINE),
            RestRequest.of("main", RestAction.TYRES, OTHER, Purpose.ROUTINE));
    assertThat(notes.find("main", VIN, "tyres.fetched")).isPresent();
  }

  @Test
  void withoutACronThereIsNoRoute() throws Exception {
    settings.put("cardata.api.tyres.cron", "");
    start(ShippedRoute.of("rest-schedule"));

    assertThat(context.getRoutes())
        .noneMatch(route -> route.getRouteId().startsWith("rest-schedule"));
  }

  @Test
  void aCronOfTheAccountFetchesOnce() throws Exception {
    settings.put("cardata.api.mappings.cron", "0 0 3 1 1 ?");
    start(ShippedRoute.of("rest-schedule"));

    tick(1);

    assertThat(fetched)
        .containsExactly(RestRequest.of("main", RestAction.MAPPINGS, null, Purpose.ROUTINE));
  }

  @Test
  void aFailureThatIsAboutTheAccountStopsTheOtherCarsOfACron() throws Exception {
    settings.put("cardata.api.charging-settings.cron", "0 0 3 1 1 ?");
    verdict = RestVerdict.of(RestVerdict.Kind.TOKEN, "the token is not taken");
    start(ShippedRoute.of("rest-schedule"));

    tick(3);

    assertThat(fetched).hasSize(1);
  }

  @EditsRoute("rest-schedule")
  void aStepPutInHoldsTheCronBack() throws Exception {
    settings.put("cardata.api.mappings.cron", "0 0 3 1 1 ?");
    start(ShippedRoute.of("rest-schedule").before("id: fetch-scheduled", "- stop: {}"));

    tick(1);
    assertThat(fetched).isEmpty();
  }
}
