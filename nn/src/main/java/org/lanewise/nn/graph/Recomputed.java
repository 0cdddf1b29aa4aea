package org.lanewise.nn.graph;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A part of a graph that is computed again where its gradients need it, so that its values are not
 * kept until then.
 *
 * @param values all that its nodes compute
 * @param result what the nodes behind it read, which is kept; it may be no value of the part
 */
public record Recomputed(Set<Value> values, Value result) {
  /** A part with a copy of the given values. */
  public Recomputed {
    values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
  }
}
