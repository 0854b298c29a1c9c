// SPDX-License-Identifier: Apache-2.0
/** The Camel CLI, started from source: camel-jbang-core has no main of its own. */
public class CliMain {
  public static void main(String[] arguments) throws Exception {
    org.apache.camel.dsl.jbang.core.commands.CamelJBangMain.run(arguments);
  }
}
