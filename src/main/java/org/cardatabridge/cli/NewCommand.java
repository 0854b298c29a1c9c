// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.LoadedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bridge new}. Used once, by one thread. */
@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = "Writes a file to begin with.",
    synopsisSubcommandLabel = "sink")
final class NewCommand implements Runnable {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final String PUBLISH = "publish";

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  NewCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "bridge new takes what to write: bridge new sink <name>");
  }

  @Command(
      name = "sink",
      mixinStandardHelpOptions = true,
      description = {
        "Writes a route that posts every data point to an address of yours, switched off, and its"
            + " test: sink-<name>.camel.yaml and sink-<name>.test.yaml in the routes folder.",
        "docs/your-own-sink.md says how to go on."
      })
  int sink(
      @Parameters(
              paramLabel = "<name>",
              description = "The sink's name for ever: a-z, 0-9 and -, for example my-hook.")
          String name)
      throws IOException {
    if (!NAME.matcher(name).matches() || name.equals(PUBLISH)) {
      throw new BadSettingException(
          "Making a new sink: the name '"
              + name
              + "' cannot be used — take a-z, 0-9 and - between them, and not 'publish'");
    }
    LoadedSettings loaded = surroundings.loadedForPipes();
    Path folder = loaded.workDir().resolve(loaded.settings().get("cardata.routes.dir")).normalize();
    Path route = folder.resolve("sink-" + name + ".camel.yaml");
    Path test = folder.resolve("sink-" + name + ".test.yaml");
    for (Path file : new Path[] {route, test}) {
      if (Files.exists(file)) {
        throw new CannotStartException(
            "Making a new sink: " + file + " exists — take another name, or remove it first", null);
      }
    }
    // The test first: once the route is there, a running bridge looks at it.
    write(test, "sink.test.yaml", name);
    write(route, "sink.camel.yaml", name);
    PrintWriter out = spec.commandLine().getOut();
    out.println("Written: " + route);
    out.println("         " + test);
    out.println("Change them, then: ./bridge test " + route + "   (docs/your-own-sink.md)");
    out.flush();
    return 0;
  }

  private static void write(Path file, String template, String name) throws IOException {
    String variable = "CARDATA_SINK_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    try (InputStream from = NewCommand.class.getResourceAsStream(template)) {
      String text = new String(from.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          file,
          text.replace("@name@", name).replace("@VARIABLE@", variable),
          StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new CannotStartException("Making a new sink: " + file + " exists", e);
    } catch (IOException e) {
      throw new CannotStartException(
          "Making a new sink: "
              + file
              + " cannot be written ("
              + e.getClass().getSimpleName()
              + ") — look at the folder's owner and mode, or name another one in cardata.routes.dir",
          e);
    }
  }
}
