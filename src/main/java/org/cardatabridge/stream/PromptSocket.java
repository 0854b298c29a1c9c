// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * A socket that takes from the system whatever is there: TLS by itself asks twice for each record,
 * once for its five bytes of header. As safe for use by many threads as any socket.
 */
final class PromptSocket extends Socket {

  private static final int AT_ONCE = 16_384;

  private InputStream input;

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    InputStream own = super.getInputStream(); // also tells that the socket is closed
    if (input == null) {
      input = new BufferedInputStream(own, AT_ONCE);
    }
    return input;
  }
}
