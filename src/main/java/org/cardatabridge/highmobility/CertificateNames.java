// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The ids that a certificate and the name of its file tell. */
final class CertificateNames {

  private static final Pattern UUID =
      Pattern.compile(
          "(?<!\\p{XDigit})\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}"
              + "-\\p{XDigit}{12}(?!\\p{XDigit})");
  private static final Pattern APP_ID = Pattern.compile("\\p{XDigit}{24}");

  private final String commonName;
  private final List<String> others;

  private CertificateNames(String commonName, List<String> others) {
    this.commonName = commonName;
    this.others = others;
  }

  /** The names of a certificate; those that cannot be read count as absent. */
  static CertificateNames of(X509Certificate certificate) {
    return new CertificateNames(commonName(certificate), alternatives(certificate));
  }

  /** The application's id: a common name of 24 hexadecimal digits; null for none. */
  String appId() {
    return commonName != null && APP_ID.matcher(commonName).matches() ? commonName : null;
  }

  /**
   * The MQTT client id: a UUID in the certificate's names, else in the first file name that has
   * one, else the common name where that is no application's id; null for none.
   */
  String clientId(Path... files) {
    List<String> candidates = new ArrayList<>();
    if (commonName != null) {
      candidates.add(commonName);
    }
    candidates.addAll(others);
    for (Path file : files) {
      candidates.add(String.valueOf(file.getFileName()));
    }
    Optional<String> uuid =
        candidates.stream()
            .map(UUID::matcher)
            .filter(Matcher::find)
            .map(Matcher::group)
            .findFirst();
    return uuid.orElse(appId() == null ? commonName : null);
  }

  private static String commonName(X509Certificate certificate) {
    try {
      List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
      // The most specific part comes last.
      for (int i = parts.size() - 1; i >= 0; i--) {
        Attribute name = parts.get(i).toAttributes().get("CN");
        if (name != null && name.get() instanceof String text && !text.isBlank()) {
          return text.strip();
        }
      }
    } catch (NamingException e) {
      return null;
    }
    return null;
  }

  private static List<String> alternatives(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> name : all) {
          if (name.size() > 1 && name.get(1) instanceof String text) {
            names.add(text);
          }
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    return names;
  }
}
