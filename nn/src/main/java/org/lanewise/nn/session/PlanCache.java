package org.lanewise.nn.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.lanewise.nn.plan.Plan;

/**
 * The plans of a session, of which the one that was not used for longest makes room for another.
 */
final class PlanCache implements AutoCloseable {
  private static final float LOAD_FACTOR = 0.75f;

  private final int capacity;
  private final SequencedMap<Object, Plan> plans = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  PlanCache(int capacity) {
    this.capacity = capacity;
  }

  /** The plan of a key, which is made when there is none. */
  Plan get(Object key, Supplier<Plan> maker) {
    Plan plan = plans.get(key);
    if (plan == null) {
      plan = maker.get();
      if (plans.size() == capacity) {
        Map.Entry<Object, Plan> oldest = plans.pollFirstEntry();
        oldest.getValue().close();
      }
      plans.put(key, plan);
    }
    return plan;
  }

  int size() {
    return plans.size();
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    plans.clear();
  }
}
