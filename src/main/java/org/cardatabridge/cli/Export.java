// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cardatabridge.auth.TokenStore;
import org.cardatabridge.recording.Anonymiser;
import org.cardatabridge.recording.JournalFile;
import org.cardatabridge.recording.RecordingWriter;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.LoadedSettings;

/** Writes a journal as NDJSON, one message after the other. For one thread. */
final class Export {

  private static final int BUFFER = 1 << 16;

  private final LoadedSettings settings;
  private final StopSignal signal;
  private final PrintWriter err;

  Export(LoadedSettings settings, StopSignal signal, PrintWriter err) {
    this.settings = settings;
    this.signal = signal;
    this.err = err;
  }

  /** The reader of what we write is gone or full. */
  private static final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    OutputException(IOException cause) {
      super(cause.getMessage(), cause);
    }

    /** Java has no type for it, but its text names the pipe in every language. */
    boolean isClosedPipe() {
      return String.valueOf(getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }
  }

  private static final class Output extends FilterOutputStream {

    Output(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw new OutputException(e);
      }
    }

    /** What is behind is not ours to close, and a second failure would tell nothing new. */
    @Override
    public void close() throws IOException {
      out.flush();
    }
  }

  /** Writes what is asked for; the command's exit code. */
  int write(ExportRequest request, OutputStream out) {
    try (JournalFile journal = JournalFile.open(settings.dataDir())) {
      checkAccount(request, journal);
      RecordingWriter writer =
          new RecordingWriter(new BufferedOutputStream(new Output(out), BUFFER));
      if (request.isAnonymous()) {
        Anonymiser anonymiser = anonymiser();
        read(request, journal, anonymiser::hear);
        read(request, journal, message -> writer.write(anonymiser.disguise(message)));
      } else {
        read(request, journal, writer::write);
      }
      writer.flush();
      return 0;
    } catch (OutputException e) {
      if (e.isClosedPipe()) {
        return 0;
      }
      err.println("Writing the export: " + e.getMessage() + " — is there space where it goes?");
    } catch (IOException | IllegalStateException e) {
      err.println(e.getMessage());
    }
    return 1;
  }

  private void read(ExportRequest request, JournalFile journal, JournalFile.Receiver receiver)
      throws IOException {
    journal.read(
        request.since(),
        request.until(),
        request.account(),
        message -> {
          if (signal.isGiven()) {
            throw new IOException("Exporting: ended before it was complete, as it was told to");
          }
          receiver.take(message);
        });
  }

  /** Accounts of the past are in the journal, new ones only in the settings. */
  private void checkAccount(ExportRequest request, JournalFile journal) throws IOException {
    List<String> accounts = settings.settings().everyAccount();
    String account = request.account();
    if (account != null && !accounts.contains(account) && !journal.knows(account)) {
      throw new BadSettingException("--account", account, "one of " + String.join(", ", accounts));
    }
  }

  private Anonymiser anonymiser() {
    Anonymiser anonymiser = new Anonymiser();
    settings.vins().forEach(anonymiser::know);
    settings
        .settings()
        .asMap()
        .forEach(
            (key, value) -> {
              boolean isAlias = key.startsWith("cardata.vehicle.") && key.endsWith(".alias");
              if (isAlias
                  || key.endsWith(".stream.username")
                  || key.endsWith("client-id")
                  || key.endsWith(".app-id")) {
                anonymiser.know(value);
              }
            });
    settings.settings().everyAccount().forEach(anonymiser::know);
    for (String account : settings.settings().bmwAccounts()) {
      TokenStore.storedGcid(settings.dataDir(), account).ifPresent(anonymiser::know);
    }
    return anonymiser;
  }
}
