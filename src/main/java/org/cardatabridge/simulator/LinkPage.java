// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.Map;
import java.util.Optional;

/** The page on which a user types in the code and approves or refuses the login. One thread. */
final class LinkPage {

  private final Authority authority;

  LinkPage(Authority authority) {
    this.authority = authority;
  }

  /** The form, with the code filled in where the URL had it. */
  String ask(String userCode) {
    return page(
        "<form method=\"post\" action=\""
            + LoginServer.LINK_PATH
            + "\"><label>Code <input name=\"user_code\" autocomplete=\"off\" value=\""
            + escaped(userCode)
            + "\"></label> <button name=\"decision\" value=\"approve\">Allow</button>"
            + " <button name=\"decision\" value=\"deny\">Refuse</button></form>"
            + "<p>Upper and lower case are different.</p>");
  }

  /** Carries the user's decision out and says what came of it. */
  String decide(Map<String, String> form) {
    Optional<DeviceLogin> login = authority.waiting(form.getOrDefault("user_code", "").trim());
    if (login.isEmpty()) {
      return page("<p>No login waits for this code. Check upper and lower case.</p>");
    }
    if ("deny".equals(form.get("decision"))) {
      login.get().deny();
      return page("<p>Refused.</p>");
    }
    login.get().approve();
    return page("<p>Allowed. You may close this page.</p>");
  }

  private static String page(String body) {
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Simulated BMW login"
        + "</title><h1>Simulated BMW login</h1>"
        + body
        + "</html>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
