// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.doctor.Check;
import org.cardatabridge.doctor.Doctor;
import org.cardatabridge.doctor.Finding;
import org.cardatabridge.doctor.Verdict;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped doctor routes on a real server. */
@Timeout(120)
class DoctorRoutesTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private boolean isSlow;

  @AfterEach
  void end() {
    goOn.countDown();
    context.stop();
  }

  private final class ClientId implements Check {
    @Override
    public String id() {
      return "client-id";
    }

    @Override
    public Finding look() throws InterruptedException {
      begun.countDown();
      if (isSlow) {
        goOn.await();
      }
      return new Finding(Verdict.FAILED, "client-id.none", Map.of());
    }
  }

  private Http serving(ShippedRoute... edited) throws Exception {
    for (String file : List.of("web", "web-doctor")) {
      ShippedRoute route =
          List.of(edited).stream()
              .filter(e -> e.file().equals(file))
              .findFirst()
              .orElse(ShippedRoute.of(file));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(file + ".camel.yaml", route.yaml()));
    }
    Doctor doctor = new Doctor(() -> List.of(new ClientId()), NOON, System::nanoTime);
    PageFiles page = new PageFiles();
    context.getRegistry().bind("page", page);
    context
        .getRegistry()
        .bind("status", new StatusApi("1.2.3", Instant.EPOCH, List::of, null, new RouteProblems()));
    context
        .getRegistry()
        .bind(
            "doctorApi",
            new DoctorApi(
                () -> doctor,
                examination -> ("PK" + examination.at()).getBytes(StandardCharsets.UTF_8)));
    WebServer server =
        new WebServer(Settings.of(Map.of("cardata.http.port", "0")), page, Clock.systemUTC());
    context.addService(server, true, false);
    context.start();
    return new Http(server.port());
  }

  @Test
  void thereIsNothingToTellBeforeTheFirstExaminationAndThenTheLast() throws Exception {
    Http http = serving();
    assertThat(http.get("/api/doctor").code()).isEqualTo(404);
    Http.Reply done = http.post("/api/doctor");
    assertThat(done.code()).isEqualTo(200);
    assertThat(done.header("Content-Type")).startsWith("application/json");
    assertThat(done.body())
        .startsWith(
            "{\"at\":\"2026-11-22T12:00:00Z\",\"ok\":false,\"checks\":[{\"id\":\"client-id\"")
        .contains("\"verdict\":\"failed\"", "\"text\":\"No client id is set.\"", "\"action\":\"");
    assertThat(http.get("/api/doctor").body()).isEqualTo(done.body());
    assertThat(http.get("/api/doctor?lang=de").body()).contains("Keine Client-ID ist gesetzt.");
  }

  @Test
  void anotherOriginIsRefused() throws Exception {
    Http http = serving();
    assertThat(http.post("/api/doctor", "Origin: https://evil.example").code()).isEqualTo(403);
    assertThat(http.get("/api/doctor").code()).isEqualTo(404);
  }

  @Test
  void oneAtATime() throws Exception {
    isSlow = true;
    Http http = serving();
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return http.post("/api/doctor").code();
              } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
              }
            });
    begun.await();
    assertThat(http.post("/api/doctor").code()).isEqualTo(409);
    goOn.countDown();
    assertThat(first.get()).isEqualTo(200);
  }

  @Test
  void theBundleIsAFile() throws Exception {
    Http http = serving();
    Http.Reply none = http.get("/api/doctor/bundle");
    assertThat(none.code()).isEqualTo(404);
    assertThat(none.header("Content-Disposition")).isNull();
    assertThat(begun.getCount()).as("a GET examines nobody").isEqualTo(1);
    http.post("/api/doctor");
    Http.Reply bundle = http.get("/api/doctor/bundle", "X-Mine: 1");
    assertThat(bundle.code()).isEqualTo(200);
    assertThat(bundle.header("Content-Type")).isEqualTo("application/zip");
    assertThat(bundle.header("Content-Disposition"))
        .isEqualTo("attachment; filename=cardata-doctor-2026-11-22.zip");
    assertThat(bundle.header("X-Mine")).isNull();
    assertThat(bundle.body()).startsWith("PK2026");
  }

  @EditsRoute({"web-doctor-examine", "web-doctor-last", "web-doctor-bundle"})
  void withoutItsStepsNothingIsExaminedToldOrPacked() throws Exception {
    Http http =
        serving(
            ShippedRoute.of("web-doctor")
                .without("examine(${header.lang})")
                .without("last(${header.lang})")
                .without("method: bundle"));
    assertThat(http.post("/api/doctor").code()).isEqualTo(500);
    assertThat(begun.getCount()).as("nobody was examined").isEqualTo(1);
    assertThat(http.get("/api/doctor").code()).isNotEqualTo(404);
    assertThat(http.get("/api/doctor/bundle").body()).doesNotContain("PK");
  }
}
