package org.lanewise.nn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of a model is called in the names of its parameters, where that is no name in
 * Java: {@code @Name("LayerNorm") LayerNorm norm}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Name {
  /** The name, without dots; if it is empty, what is below the component has names without it. */
  String value();
}
