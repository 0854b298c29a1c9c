// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cardatabridge.RenewableBridge;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;
import org.cardatabridge.auth.DeviceLogin;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.doctor.Doctor;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.DoorNote;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.web.DoctorApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the commands really do. Used once, by one thread. */
public final class BridgeActions implements Actions {

  private static final Logger LOG = LoggerFactory.getLogger(BridgeActions.class);
  private static final long LOOK_EACH_MS = 250;

  /** An examination takes a minute at most. */
  private static final Duration DOCTOR_PATIENCE = Duration.ofSeconds(90);

  /** Several cars, each with pages of sessions, one call after the other. */
  private static final Duration ACTION_PATIENCE = Duration.ofMinutes(10);

  private final Redaction redaction;
  private final StopSignal signal;

  /** For a program whose log hides what this redaction knows. */
  public BridgeActions(Redaction redaction, StopSignal signal) {
    this.redaction = redaction;
    this.signal = signal;
  }

  @Override
  public int run(LoadedSettings settings) throws Exception {
    PrintWriter terminal = new PrintWriter(System.out, true);
    try (RenewableBridge bridge =
        RenewableBridge.start(settings, outside(terminal::println, redaction, signal))) {
      signal.await();
      bridge.orThrow();
    }
    return 0;
  }

  /** What a bridge of this program tells it. */
  static RenewableBridge.Outside outside(
      Consumer<String> terminal, Redaction redaction, StopSignal signal) {
    return new RenewableBridge.Outside(
        terminal,
        redaction::hide,
        redaction::hideVin,
        Logging::lastLines,
        settings -> {
          settings.secrets().forEach(redaction::hideForGood);
          settings.vins().forEach(redaction::hideVin);
          settings.warnings().forEach(warning -> LOG.warn("{}", warning));
        },
        signal::give);
  }

  @Override
  public int login(LoadedSettings settings, String account, PrintWriter out) throws Exception {
    try (RunningBridge bridge =
        RunningBridge.startForLogin(
            settings,
            text -> {
              out.println(text);
              out.flush();
            },
            redaction::hide)) {
      DeviceLogin login = bridge.login(account);
      CountDownLatch stored = new CountDownLatch(1);
      bridge.tokens(account).onChange(tokens -> stored.countDown());
      LoginSnapshot begun = login.begin();
      while (!stored.await(LOOK_EACH_MS, TimeUnit.MILLISECONDS)) {
        LoginSnapshot now = login.snapshot();
        if (!now.state().equals(LoginSnapshot.PENDING) || signal.isGiven()) {
          out.println(LoginText.failed(account, now));
          return 1;
        }
      }
      Optional<String> problem = bridge.tokens(account).problem();
      if (problem.isPresent()) {
        out.println(LoginText.notStored(account, problem.get()));
        return 1;
      }
      out.println(LoginText.stored(account, login.snapshot()));
      return 0;
    }
  }

  @Override
  public int loginThroughRunningBridge(LoadedSettings given, String account, PrintWriter out)
      throws Exception {
    LoadedSettings settings = DoorNote.toRunning(given);
    try {
      return new RemoteLogin(settings.settings(), signal).login(account, out);
    } catch (IOException e) {
      throw new CannotStartException(unanswered(settings, e), e);
    }
  }

  private static String unanswered(LoadedSettings settings, IOException e) {
    if (e instanceof ConnectException || e.getCause() instanceof ConnectException) {
      return "Logging in through the bridge that uses the data directory "
          + settings.dataDir()
          + ": nothing answers at "
          + settings.settings().get("cardata.http.host")
          + " port "
          + settings.settings().get("cardata.http.port")
          + " — where another ./bridge login is under way, wait for its end; otherwise set"
          + " cardata.http.host and cardata.http.port to those of its page";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public int export(LoadedSettings settings, ExportRequest request, PrintWriter err) {
    return new Export(settings, signal, err)
        .write(request, new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public int replay(LoadedSettings settings, ReplayRequest request, PrintWriter err)
      throws Exception {
    try (RunningBridge bridge =
        RunningBridge.startForReplay(settings, redaction::hide, redaction::hideVin)) {
      LocalReplay replay = new LocalReplay(bridge, signal, err, LocalReplay.DOWN_FOR);
      if (request.file() == null) {
        return replay.playJournal(request);
      }
      try (InputStream recording = recording(settings, request)) {
        return replay.play(request, recording);
      }
    } catch (IOException | IllegalStateException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  @Override
  public int replayThroughRunningBridge(
      LoadedSettings given, ReplayRequest request, PrintWriter err) throws Exception {
    LoadedSettings settings = DoorNote.toRunning(given);
    RemoteReplay replay = new RemoteReplay(settings.settings(), signal, err);
    try {
      if (request.file() == null) {
        return replay.playJournal(request);
      }
      try (InputStream recording = recording(settings, request)) {
        return replay.play(request, recording);
      }
    } catch (IOException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  @Override
  public int api(LoadedSettings settings, ApiRequest request, PrintWriter out, PrintWriter err)
      throws Exception {
    try (RunningBridge bridge =
        RunningBridge.startForApi(settings, redaction::hide, redaction::hideVin)) {
      ActionReply reply =
          bridge.act(
              ActionRequest.read(
                  request.action(), request.given(), null, Clock.systemUTC().instant()));
      JsonNode answer = new ObjectMapper().readTree(reply.text());
      return new ApiText(out, err).print(reply.code(), answer, request.json());
    }
  }

  @Override
  public int apiThroughRunningBridge(
      LoadedSettings given, ApiRequest request, PrintWriter out, PrintWriter err) throws Exception {
    LoadedSettings settings = DoorNote.toRunning(given);
    StringBuilder path = new StringBuilder("/api/actions/" + request.action());
    new TreeMap<>(request.given())
        .forEach(
            (name, value) ->
                path.append(path.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    try {
      BridgeHttp.Told told =
          new BridgeHttp(settings.settings(), ACTION_PATIENCE).act(path.toString());
      return new ApiText(out, err).print(told.code(), told.json(), request.json());
    } catch (IOException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  @Override
  public int doctor(
      LoadedSettings settings, DoctorRequest request, PrintWriter out, PrintWriter err)
      throws Exception {
    DoctorText text = new DoctorText(out, request.json());
    if (!settings.problems().isEmpty()) {
      if (request.bundle() != null) {
        err.println("Bundle: none was packed, as a bridge cannot start with these settings");
      }
      return text.print(Doctor.ofSettings(settings.problems(), Clock.systemUTC()));
    }
    err.println(DoctorText.BESIDE);
    err.flush();
    try (RunningBridge bridge =
        RunningBridge.startForDoctor(settings, redaction::hide, redaction::hideVin)) {
      int code = text.print(bridge.doctor().examine(null).text());
      if (request.bundle() != null) {
        DoctorApi.File file = bridge.doctor().bundle();
        DoctorText.keep(settings.workDir(), request.bundle(), file.name(), file.bytes(), err);
      }
      return code;
    } catch (BadSettingException | CannotStartException e) {
      List<String> problems = List.of(String.valueOf(e.getMessage()).split("\\R"));
      return text.print(Doctor.ofSettings(problems, Clock.systemUTC()));
    }
  }

  @Override
  public int doctorThroughRunningBridge(
      LoadedSettings given, DoctorRequest request, PrintWriter out, PrintWriter err)
      throws Exception {
    LoadedSettings settings = DoorNote.toRunning(given);
    BridgeHttp http = new BridgeHttp(settings.settings(), DOCTOR_PATIENCE);
    err.println(DoctorText.through(http.authority()));
    err.flush();
    try {
      int code = new DoctorText(out, request.json()).print(http.post("/api/doctor").toString());
      if (request.bundle() != null) {
        DoctorText.keep(
            settings.workDir(),
            request.bundle(),
            DoctorText.FILE,
            http.file("/api/doctor/bundle"),
            err);
      }
      return code;
    } catch (IOException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private static InputStream recording(LoadedSettings settings, ReplayRequest request)
      throws IOException {
    return request.file().equals("-")
        ? System.in
        : Files.newInputStream(settings.workDir().resolve(request.file()));
  }

  @Override
  public int demo(DemoRequest request, Path routes, PrintWriter out) throws Exception {
    return new Demo(redaction, signal, routes, out).play(request);
  }

  @Override
  public int simulator(PrintWriter out) throws Exception {
    try (DemoDirectory directory = DemoDirectory.open("cardata-simulator");
        Simulator simulator =
            Simulator.start(
                SimulatorConfig.demo(directory.path()).highMobility(HighMobilityConfig.first()))) {
      out.println(simulator.describe());
      out.println("Logins approve themselves after 3 s. Ctrl-C ends it.");
      out.flush();
      signal.await();
    }
    return 0;
  }
}
