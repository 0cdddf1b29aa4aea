package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.weights.Weights;

/**
 * Parameters that follow the same rule.
 *
 * @param parameters their shapes by name, in the order of the model
 */
record ParameterGroup(Rule rule, SequencedMap<String, Shape> parameters) {
  /** The setting that is the rule of the first group. */
  static final String OPTIMIZER = "optimizer";

  private static final String RULE = OPTIMIZER + " of ";

  /** The groups of all parameters that can be trained, in the order of their first ones. */
  static List<ParameterGroup> of(Optimizer optimizer, Weights weights) {
    return of(optimizer, weights, weights::isTrainable);
  }

  /** The groups of some parameters, in the order of their first ones. */
  static List<ParameterGroup> of(
      Optimizer optimizer, Weights weights, Predicate<String> isTrained) {
    SequencedMap<Rule, SequencedMap<String, Shape>> groups = new LinkedHashMap<>();
    weights
        .components()
        .parameters()
        .forEach((name, parameter) -> {
          if (isTrained.test(name)) {
            Rule rule = optimizer.ruleOf(new NamedParameter(name, parameter.shape()));
            groups.computeIfAbsent(rule, _ -> new LinkedHashMap<>()).put(name, parameter.shape());
          }
        });
    List<ParameterGroup> all = new ArrayList<>();
    groups.forEach((rule, parameters) -> all.add(new ParameterGroup(rule, parameters)));
    return all;
  }

  /** Whether a setting is the rule of a parameter of another group than the first. */
  static boolean isRule(String setting) {
    return setting.startsWith(RULE);
  }

  /** The rules as settings of a training: that of the first group, and by parameter the others. */
  static Map<String, String> settings(List<ParameterGroup> groups) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (ParameterGroup group : groups) {
      if (settings.putIfAbsent(OPTIMIZER, group.rule.toString()) != null) {
        group.parameters.keySet().forEach(name -> settings.put(RULE + name, group.rule.toString()));
      }
    }
    return settings;
  }
}
