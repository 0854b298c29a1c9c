// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routetest;

/** How a test names a mock: by the step's id, or by its URI without options. */
final class MockName {

  private MockName() {}

  /** Whether the name is that of this step. */
  static boolean fits(String name, String step, String uri) {
    if (name.equals(step)) {
      return true;
    }
    String wanted = plain(name);
    return wanted.endsWith("*")
        ? plain(uri).startsWith(wanted.substring(0, wanted.length() - 1))
        : plain(uri).equals(wanted);
  }

  /** Without options and the slashes that Camel puts behind some schemes. */
  private static String plain(String uri) {
    int options = uri.indexOf('?');
    String address = options < 0 ? uri : uri.substring(0, options);
    return address.replaceFirst(":/+", ":").replaceFirst("(?<!:)/$", "");
  }
}
