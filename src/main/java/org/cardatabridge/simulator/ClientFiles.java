// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/**
 * The three files that a customer of High Mobility gets, all with absolute paths. Immutable.
 *
 * @param clientId id of the certificate, with which the files' names begin
 * @param ca who signed the broker's certificate
 * @param certificate the client's certificate
 * @param key its private key
 */
public record ClientFiles(String clientId, Path ca, Path certificate, Path key) {

  /** The files of a certificate in a directory, under the names they are handed out with. */
  static ClientFiles in(Path directory, String clientId) {
    Path d = directory.toAbsolutePath();
    return new ClientFiles(
        clientId,
        d.resolve(clientId + "-ca_certificates.pem"),
        d.resolve(clientId + "-certificate.pem.crt"),
        d.resolve(clientId + "-private.pem.key"));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("clientId", clientId)
        .put("ca", ca.toString())
        .put("certificate", certificate.toString())
        .put("key", key.toString());
  }

  /** Says where the certificate is, never whose. */
  @Override
  public String toString() {
    return "ClientFiles[in " + certificate.getParent() + "]";
  }
}
