// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.PluginHelper;

/**
 * Puts the routes of one file into a running Camel context and takes them out again; a file that
 * fails leaves nothing behind. Not safe for use by several threads at once.
 */
final class RouteLoader {

  private final ModelCamelContext context;
  private final AccountRoutes accountRoutes;
  private final RouteNames names;

  RouteLoader(ModelCamelContext context, AccountRoutes accountRoutes) {
    this.context = context;
    this.accountRoutes = accountRoutes;
    this.names = new RouteNames(context, accountRoutes);
  }

  /** What is in the context at one moment; what comes later is told from it by identity. */
  private final class Before {
    private final List<RouteDefinition> routes = List.copyOf(context.getRouteDefinitions());
    private final List<?> templates = List.copyOf(context.getRouteTemplateDefinitions());
    private final List<?> policies = List.copyOf(context.getRouteConfigurationDefinitions());
    private final List<?> rests = List.copyOf(context.getRestDefinitions());
    private final List<?> beans = List.copyOf(beanDefinitions());

    private LoadedRoutes added(Set<String> sinks) {
      Set<String> names = new HashSet<>();
      for (BeanFactoryDefinition<?> bean : newer(beanDefinitions(), beans)) {
        names.add(bean.getName());
      }
      return new LoadedRoutes(
          newer(context.getRouteDefinitions(), routes),
          newer(context.getRouteTemplateDefinitions(), templates),
          newer(context.getRouteConfigurationDefinitions(), policies),
          newer(context.getRestDefinitions(), rests),
          names,
          sinks);
    }

    private static <T> List<T> newer(List<T> now, List<?> before) {
      Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
      known.addAll(before);
      List<T> added = new ArrayList<>(now);
      added.removeIf(known::contains);
      return added;
    }
  }

  private List<BeanFactoryDefinition<?>> beanDefinitions() {
    return context.getCamelContextExtension().getContextPlugin(Model.class).getCustomBeans();
  }

  /**
   * Adds and starts the routes of a file.
   *
   * @throws RouteNames.ClashException where it uses what another file has
   * @throws Exception what Camel throws for a file that it cannot use
   */
  LoadedRoutes load(RouteText file, RouteNames.Taken taken) throws Exception {
    Before before = new Before();
    try {
      RouteBuilder builder = parse(file, taken, before, Set.of());
      Set<String> sinks = names.sinks(builder);
      context.addRoutes(builder);
      context.addTemplatedRoutes(builder);
      accountRoutes.addMissing();
      return before.added(sinks);
    } catch (Exception | LinkageError | StackOverflowError e) {
      Exception trouble = ofTheFile(e);
      takeBack(file, before, trouble);
      throw withLine(file, taken, trouble);
    }
  }

  /** The same trouble with its line, where it is about one step. */
  private Exception withLine(RouteText file, RouteNames.Taken taken, Exception trouble) {
    if (trouble instanceof RouteNames.ClashException || file.unreadable() != null) {
      return trouble;
    }
    try {
      check(file, taken, Set.of());
    } catch (AtLineException e) {
      return e;
    } catch (Exception e) {
      return trouble;
    }
    return trouble;
  }

  /**
   * Looks whether a file could be loaded, without touching what runs: its fields, its endpoints,
   * its names.
   *
   * @param running what it is to take the place of; null for nothing
   * @return the names that its routes read under
   * @throws RouteNames.ClashException where it uses what another file has
   * @throws Exception what Camel throws for a file that it cannot use
   */
  Set<String> check(RouteText file, RouteNames.Taken taken, LoadedRoutes running) throws Exception {
    List<RouteConfigurationDefinition> policies = context.getRouteConfigurationDefinitions();
    List<RouteConfigurationDefinition> own = running == null ? List.of() : running.policies();
    RunningBeans beans = RunningBeans.of(context, running == null ? Set.of() : running.beans());
    // They may have the ids of those that come.
    policies.removeAll(own);
    try {
      return check(file, taken, beans.names());
    } finally {
      policies.addAll(own);
      beans.putBack();
    }
  }

  private Set<String> check(RouteText file, RouteNames.Taken taken, Set<String> ownBeans)
      throws Exception {
    Before before = new Before();
    try {
      RouteBuilder builder = parse(file, taken, before, ownBeans);
      for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
        checkEndpoints(route);
      }
      Set<String> sinks = names.sinks(builder);
      LoadedRoutes left = before.added(sinks);
      context.getRouteConfigurationDefinitions().removeAll(left.policies());
      unbind(left.beans());
      return sinks;
    } catch (Exception | LinkageError | StackOverflowError e) {
      Exception trouble = ofTheFile(e);
      takeBack(file, before, trouble);
      throw trouble;
    }
  }

  /** What one file brings about must not end what loads all of them. */
  private static Exception ofTheFile(Throwable trouble) {
    if (trouble instanceof Exception e) {
      return e;
    }
    Exception told =
        new IllegalArgumentException(
            trouble instanceof StackOverflowError
                ? "it is nested too deep to be read — take some levels out"
                : "a class is missing or of another version ("
                    + trouble.getMessage()
                    + ") — docs/events.md#components says how to add a component with all it"
                    + " needs");
    told.addSuppressed(trouble);
    return told;
  }

  private RouteBuilder parse(
      RouteText file, RouteNames.Taken taken, Before before, Set<String> ownBeans)
      throws Exception {
    if (file.unreadable() != null) {
      throw new IllegalArgumentException(file.unreadable());
    }
    names.refuseTakenBeans(file, ownBeans);
    RouteShape shape = new RouteShape(file);
    shape.checkText();
    Collection<RoutesBuilder> builders =
        PluginHelper.getRoutesLoader(context).findRoutesBuilders(file.resource());
    RouteBuilder builder = (RouteBuilder) builders.iterator().next();
    if (builder instanceof RouteConfigurationsBuilder withPolicies) {
      context.addRoutesConfigurations(withPolicies);
    }
    builder.configureRoutes(context);
    if (isNothing(builder, before)) {
      throw new IllegalArgumentException(
          "there is no route in it — write `- route:` with what it does, or delete the file");
    }
    for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
      shape.check(route, context);
    }
    names.refuseReadingPublish(builder);
    names.refuseClashes(builder, file, taken);
    return builder;
  }

  private boolean isNothing(RouteBuilder builder, Before before) {
    LoadedRoutes added = before.added(Set.of());
    return builder.getRouteCollection().getRoutes().isEmpty()
        && builder.getRouteTemplateCollection().getRouteTemplates().isEmpty()
        && builder.getTemplatedRouteCollection().getTemplatedRoutes().isEmpty()
        && builder.getRestCollection().getRests().isEmpty()
        && added.policies().isEmpty()
        && added.beans().isEmpty();
  }

  private void checkEndpoints(RouteDefinition route) {
    checkEndpoint(route.getInput().getEndpointUri(), route.getInput().getLineNumber());
    for (ToDefinition to :
        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
      checkEndpoint(to.getEndpointUri(), to.getLineNumber());
    }
  }

  private void checkEndpoint(String uri, int line) {
    if (uri == null) {
      return;
    }
    try {
      context.getEndpoint(uri);
    } catch (RuntimeException e) {
      throw line > 0 ? new AtLineException(line, e) : e;
    }
  }

  /** A trouble that belongs to one line of the file, counted from 1. */
  static final class AtLineException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    AtLineException(int line, Throwable cause) {
      super(cause.getMessage(), cause);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  private void takeBack(RouteText file, Before before, Exception why) {
    try {
      forget(file);
      remove(before.added(Set.of()), 1);
    } catch (Exception e) {
      why.addSuppressed(e);
    }
  }

  /** Camel takes the beans of a file that failed half way for made, and would leave them out. */
  private void forget(RouteText file) throws Exception {
    for (RoutesBuilder builder :
        PluginHelper.getRoutesLoader(context).findRoutesBuilders(file.without().resource())) {
      ((RouteBuilder) builder).configureRoutes(context);
    }
  }

  /**
   * Stops the routes of a file and removes all that it added.
   *
   * @param seconds how long to wait for what is under way in each
   * @throws Exception where Camel cannot
   */
  void remove(LoadedRoutes file, int seconds) throws Exception {
    List<RouteDefinition> routes = new ArrayList<>(file.routes());
    Collections.reverse(routes);
    for (RouteDefinition route : routes) {
      if (context.getRoute(route.getRouteId()) != null) {
        context.getRouteController().stopRoute(route.getRouteId(), seconds, TimeUnit.SECONDS);
        // Gone before its definition goes: that would stop it again, with Camel's own patience.
        context.removeRoute(route.getRouteId());
      }
      context.removeRouteDefinition(route);
    }
    context.removeRouteTemplateDefinitions(file.templates());
    // Camel's own way to remove one without an id gives an id to all of them, and then none is
    // global.
    context.getRouteConfigurationDefinitions().removeAll(file.policies());
    context.getRestDefinitions().removeAll(file.rests());
    unbind(file.beans());
  }

  private void unbind(Set<String> beans) {
    for (String bean : beans) {
      context.getRegistry().unbind(bean);
      beanDefinitions().removeIf(definition -> bean.equals(definition.getName()));
    }
  }
}
