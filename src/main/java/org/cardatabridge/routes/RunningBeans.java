// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;

/**
 * The beans of a file that runs, remembered while another version of it is looked at: to parse that
 * one puts its beans in their place. Not safe for use by several threads at once.
 */
final class RunningBeans {

  private static final String NOTHING = "getClass";

  private final ModelCamelContext context;
  private final Map<String, Object> beans = new LinkedHashMap<>();
  private final List<BeanFactoryDefinition<?>> definitions;

  private RunningBeans(ModelCamelContext context, Set<String> names) {
    this.context = context;
    this.definitions = all().stream().filter(bean -> names.contains(bean.getName())).toList();
    for (String name : names) {
      Object bean = context.getRegistry().lookupByName(name);
      if (bean != null) {
        beans.put(name, bean);
        spare(name, bean);
      }
    }
  }

  /**
   * To put another bean in its place, Camel takes it out, and ends it by its {@code destroyMethod}:
   * until it is back that is a method which does nothing.
   */
  private void spare(String name, Object bean) {
    if (destroyMethod(name) != null) {
      context.getRegistry().bind(name, bean, null, NOTHING);
    }
  }

  static RunningBeans of(ModelCamelContext context, Set<String> names) {
    return new RunningBeans(context, names);
  }

  private List<BeanFactoryDefinition<?>> all() {
    return context.getCamelContextExtension().getContextPlugin(Model.class).getCustomBeans();
  }

  Set<String> names() {
    return Set.copyOf(beans.keySet());
  }

  /** Binds those that are not bound any more, and ends what stood in for them. */
  void putBack() {
    beans.forEach(
        (name, bean) -> {
          if (context.getRegistry().lookupByName(name) != bean) {
            context.getRegistry().unbind(name);
          }
          context.getRegistry().bind(name, bean, null, destroyMethod(name));
        });
    all().removeIf(bean -> beans.containsKey(bean.getName()));
    all().addAll(definitions);
  }

  /** Null for none. */
  private String destroyMethod(String name) {
    return definitions.stream()
        .filter(bean -> name.equals(bean.getName()))
        .map(BeanFactoryDefinition::getDestroyMethod)
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
