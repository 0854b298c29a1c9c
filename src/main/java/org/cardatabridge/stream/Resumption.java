// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.net.Socket;
import java.util.Collections;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;

/**
 * What Java keeps of a TLS connection, so that the next one to the same server is quicker. A server
 * does not look at our certificate again then, and so has no word for what it has against it: it
 * just hangs up, time and again.
 */
final class Resumption {

  private Resumption() {}

  /**
   * Has the next connection to the same server begin anew, so that the server says what it thinks
   * of our certificate.
   *
   * @param socket one that is or was connected; nothing happens where it has no TLS
   */
  static void forget(Socket socket) {
    if (!(socket instanceof SSLSocket tls)) {
      return;
    }
    SSLSession session = tls.getSession();
    String host = session.getPeerHost();
    int port = session.getPeerPort();
    SSLSessionContext kept = session.getSessionContext();
    session.invalidate();
    if (kept == null) {
      return;
    }
    for (byte[] id : Collections.list(kept.getIds())) {
      SSLSession other = kept.getSession(id);
      if (other != null && other.getPeerPort() == port && host.equals(other.getPeerHost())) {
        other.invalidate();
      }
    }
  }
}
