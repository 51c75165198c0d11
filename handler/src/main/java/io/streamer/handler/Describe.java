package io.streamer.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a component of a request's record what it is for. The local stage's console shows it at
 * its form, {@code ./streamer actions} on the command line; what a payload may be does not change
 * by it. Where a language has no annotations of components it stands at the accessor.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface Describe {

  /** A few words, such as {@code the first day, no earlier than 2020}. */
  String value() default "";

  /**
   * A value that is taken, with which the form begins: the text itself where JSON has a text (a
   * date or an enum's constant too), JSON otherwise. An example that the component does not take is
   * refused when the handler is registered.
   */
  String example() default "";
}
