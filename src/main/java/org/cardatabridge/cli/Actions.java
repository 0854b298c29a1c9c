// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.cardatabridge.settings.LoadedSettings;

/**
 * What the commands do, once arguments and settings are checked, the log is set up and the data
 * directory is claimed. Each returns the exit code: 0 fine, 1 failed at run time. A {@link
 * org.cardatabridge.settings.BadSettingException} becomes exit code 2, any other exception 1.
 */
public interface Actions {

  /** Runs the bridge until it is told to stop; the data directory is this process's own. */
  int run(LoadedSettings settings) throws Exception;

  /** Logs one account in; the data directory is this process's own. */
  int login(LoadedSettings settings, String account, PrintWriter out) throws Exception;

  /** Logs one account in through the HTTP door of the bridge that holds the data directory. */
  int loginThroughRunningBridge(LoadedSettings settings, String account, PrintWriter out)
      throws Exception;

  /**
   * Writes journalled messages to standard output, whether or not a bridge runs.
   *
   * @param err for sentences about what went wrong
   */
  int export(LoadedSettings settings, ExportRequest request, PrintWriter err) throws Exception;

  /**
   * Feeds messages to the sinks again; the data directory is this process's own.
   *
   * @param err for progress and what went wrong
   */
  int replay(LoadedSettings settings, ReplayRequest request, PrintWriter err) throws Exception;

  /** The same through the HTTP door of the bridge that holds the data directory. */
  int replayThroughRunningBridge(LoadedSettings settings, ReplayRequest request, PrintWriter err)
      throws Exception;

  /**
   * Has an action carried out; the data directory is this process's own.
   *
   * @param err for what went wrong
   */
  int api(LoadedSettings settings, ApiRequest request, PrintWriter out, PrintWriter err)
      throws Exception;

  /** The same through the HTTP door of the bridge that holds the data directory. */
  int apiThroughRunningBridge(
      LoadedSettings settings, ApiRequest request, PrintWriter out, PrintWriter err)
      throws Exception;

  /**
   * Finds out what is wrong; the data directory is this process's own. Opens BMW's connection for a
   * moment.
   *
   * @param err for what is to be known beside the result
   */
  int doctor(LoadedSettings settings, DoctorRequest request, PrintWriter out, PrintWriter err)
      throws Exception;

  /** The same through the HTTP door of the bridge that holds the data directory. */
  int doctorThroughRunningBridge(
      LoadedSettings settings, DoctorRequest request, PrintWriter out, PrintWriter err)
      throws Exception;

  /**
   * Runs simulator, broker and bridge in one process, without the user's settings but for what the
   * request names.
   *
   * @param routes the folder with the shipped route files
   */
  int demo(DemoRequest request, Path routes, PrintWriter out) throws Exception;

  /** Runs the simulated BMW alone until it is told to stop. */
  int simulator(PrintWriter out) throws Exception;
}
