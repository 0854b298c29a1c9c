// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.BeanScope;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.bean.DefaultBeanProcessorFactory;
import org.apache.camel.spi.BeanProcessorFactory;

/**
 * Makes the {@code bean} steps of routes cheap: where a method takes nothing but the body or the
 * exchange, it is called as it is, without the search for methods and parameters that Camel makes
 * for each message. Any other step is Camel's own. Safe for use by many threads.
 */
public final class DirectBeans implements BeanProcessorFactory {

  private final DefaultBeanProcessorFactory camels = new DefaultBeanProcessorFactory();

  private DirectBeans() {}

  /** Has the routes of the context that start from now on use it. */
  public static void installIn(CamelContext context) {
    DirectBeans factory = new DirectBeans();
    factory.camels.setCamelContext(context);
    factory.camels.start();
    context.getCamelContextExtension().addContextPlugin(BeanProcessorFactory.class, factory);
  }

  @Override
  public Processor createBeanProcessor(CamelContext context, Object bean, Method method)
      throws Exception {
    return camels.createBeanProcessor(context, bean, method);
  }

  @Override
  public Processor createBeanProcessor(
      CamelContext context,
      Object bean,
      String beanType,
      Class<?> beanClass,
      String ref,
      String method,
      BeanScope scope)
      throws Exception {
    Processor camelsOwn =
        camels.createBeanProcessor(context, bean, beanType, beanClass, ref, method, scope);
    Object target = bean == null && ref != null ? context.getRegistry().lookupByName(ref) : bean;
    if (target == null || scope != BeanScope.Singleton) {
      return camelsOwn;
    }
    return simple(target.getClass(), method)
        .<Processor>map(found -> new DirectStep((AsyncProcessor) camelsOwn, target, found))
        .orElse(camelsOwn);
  }

  /** The method of that name where it is the only one and needs none of Camel's binding. */
  private static Optional<Method> simple(Class<?> type, String name) {
    List<Method> named =
        Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(name)).toList();
    boolean plain =
        named.size() == 1
            && Modifier.isPublic(type.getModifiers())
            && !isMarked(type.getAnnotations())
            && takesOneThing(named.get(0))
            && givesAPlainValue(named.get(0).getReturnType());
    return plain ? Optional.of(named.get(0)) : Optional.empty();
  }

  private static boolean takesOneThing(Method method) {
    if (method.getParameterCount() != 1
        || Modifier.isStatic(method.getModifiers())
        || isMarked(method.getAnnotations())) {
      return false;
    }
    Class<?> parameter = method.getParameterTypes()[0];
    Annotation[] marks = method.getParameterAnnotations()[0];
    boolean body = marks.length == 1 && marks[0] instanceof Body;
    return body
        || marks.length == 0
            && (parameter == Exchange.class
                || Collection.class.isAssignableFrom(parameter)
                || parameter == byte[].class);
  }

  /** Nothing that Camel would call or wait for. */
  private static boolean givesAPlainValue(Class<?> result) {
    return Collection.class.isAssignableFrom(result)
        || result == byte[].class
        || result == String.class
        || result == void.class;
  }

  private static boolean isMarked(Annotation[] annotations) {
    return Arrays.stream(annotations)
        .anyMatch(mark -> mark.annotationType().getName().startsWith("org.apache.camel."));
  }
}
