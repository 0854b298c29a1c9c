// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A route file as it was read, so that what is loaded is what was looked at. Immutable.
 *
 * @param path the file
 * @param text its content; empty where it could not be read
 * @param unreadable why it could not be read; null where it could
 */
record RouteText(Path path, String text, String unreadable) {

  // A route on the HTTP server wants to find it there: an endpoint, a component's name or a key.
  private static final Pattern NEEDS_SERVER =
      Pattern.compile(
          "^[^#\\n]*(?:platform-http|(?<![-:\\w])(?:webhook|rest(?:-\\w+)?):"
              + "|\\bcomponent: *[\"']?(?:webhook|rest))",
          Pattern.MULTILINE);

  private static final Pattern POLICY =
      Pattern.compile("^- *routeConfiguration *:", Pattern.MULTILINE);

  private static final Pattern READS_FROM =
      Pattern.compile(
          "^[^#\\n]*\\b(?:uri|from) *: *[\"']?events:/{0,2}([a-z0-9-]+)", Pattern.MULTILINE);
  private static final Pattern ITEM = Pattern.compile("^- *(\\w+) *:", Pattern.MULTILINE);
  private static final Pattern ON_OR_OFF =
      Pattern.compile("^ +autoStartup: *\"?(\\{\\{[^{}]+}})\"? *$", Pattern.MULTILINE);
  private static final Pattern READS =
      Pattern.compile("^ +uri: *\"?events:(?!publish\\b)([a-z0-9-]+)\"? *$", Pattern.MULTILINE);

  private static final int LARGEST = 1 << 20;

  /** Reads a file; one that cannot be read, or is larger than 1 MiB, is remembered as such. */
  static RouteText read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        return new RouteText(
            path, "", "it is larger than 1 MiB — a route file is some lines of text; split it");
      }
      return new RouteText(path, new String(bytes, StandardCharsets.UTF_8), null);
    } catch (IOException e) {
      return new RouteText(
          path,
          "",
          "it cannot be read ("
              + e.getClass().getSimpleName()
              + ") — give the user that runs the bridge the right to read it");
    }
  }

  /**
   * The names that its routes read under, where a setting switches every one of them off: such a
   * file need not be parsed, nor its components be loaded. Absent where anything of it is on, or it
   * holds anything but routes.
   *
   * @param isOff whether the value of {@code autoStartup}, a placeholder, says so
   */
  Optional<Set<String>> switchedOff(Predicate<String> isOff) {
    long routes = 0;
    for (Matcher item = ITEM.matcher(text); item.find(); routes++) {
      if (!item.group(1).equals("route")) {
        return Optional.empty();
      }
    }
    List<String> switches = ON_OR_OFF.matcher(text).results().map(m -> m.group(1)).toList();
    if (routes == 0 || switches.size() != routes || !switches.stream().allMatch(isOff)) {
      return Optional.empty();
    }
    return Optional.of(
        READS.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet()));
  }

  /** The names of the beans that it binds; empty where it is no YAML. Read only where it may. */
  Set<String> beanNames() {
    // A backslash may spell the word otherwise, as in "be\x61ns".
    if (!text.contains("beans") && text.indexOf('\\') < 0) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>();
    try {
      for (Node document : new Compose(LoadSettings.builder().build()).composeAllFromString(text)) {
        items(document).forEach(item -> beans(item).forEach(bean -> name(bean, names)));
      }
    } catch (YamlEngineException e) {
      // Camel says what is wrong with it, before it binds anything.
      return Set.of();
    }
    return names;
  }

  private static List<Node> items(Node node) {
    return node instanceof SequenceNode list ? list.getValue() : List.of();
  }

  private static List<Node> beans(Node item) {
    return fields(item, "beans").flatMap(beans -> items(beans).stream()).toList();
  }

  private static void name(Node bean, Set<String> names) {
    fields(bean, "name")
        .filter(ScalarNode.class::isInstance)
        .forEach(name -> names.add(((ScalarNode) name).getValue()));
  }

  private static Stream<Node> fields(Node node, String key) {
    return node instanceof MappingNode map
        ? map.getValue().stream()
            .filter(f -> f.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .map(NodeTuple::getValueNode)
        : Stream.empty();
  }

  String fileName() {
    return path.getFileName().toString();
  }

  /** Whether there is nothing in it, as just after its creation. */
  boolean isEmpty() {
    return unreadable == null && text.isBlank();
  }

  boolean needsServer() {
    return NEEDS_SERVER.matcher(text).find();
  }

  /** A file of the same name with nothing in it that Camel would do. */
  RouteText without() {
    return new RouteText(path, "- beans: []\n", null);
  }

  Resource resource() {
    return ResourceHelper.fromString("file:" + path, text);
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /** The names that it reads under, as far as that can be seen where nothing could be loaded. */
  Set<String> sinksByText() {
    return READS_FROM
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !name.equals("publish"))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether it has an error policy, which holds for routes that come after it. */
  boolean hasPolicy() {
    return POLICY.matcher(text).find();
  }
}
