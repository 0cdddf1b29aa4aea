package org.lanewise.samples.dna;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.session.Session;

/**
 * Where in the window networks look: the mean of |gradient × input| of the logit of an example's
 * site, by site and position (Simonyan et al., arXiv 1312.6034; with inputs of 0 and 1, the product
 * is the gradient at the base that is there).
 */
final class Attribution {
  private static final int SITES = Site.values().length;

  private final double[][] sums = new double[SITES][Bases.WINDOW];
  private final long[] examples = new long[SITES];

  /** Adds examples, as networks see them that were trained on others. */
  void add(SpliceClassifier classifier, Session session, SpliceJunctions junctions) {
    int[] labels = junctions.labels();
    float[] wanted = new float[labels.length * SITES];
    for (int i = 0; i < labels.length; i++) {
      wanted[i * SITES + labels[i]] = 1;
    }
    HostTensor x = junctions.inputs();
    Function<Tensors, Tensor> score = in -> classifier.score(in.get("x"), in.get("site"));
    Map<String, HostTensor> inputs =
        Map.of("x", x, "site", HostTensor.of(wanted, labels.length, SITES));
    float[] gradient = session.gradients(score, inputs, "x").get("x").toFloats();
    add(labels, gradient, x.toFloats());
  }

  /** Adds gradients and inputs [examples, 4, 1, 60]. */
  private void add(int[] labels, float[] gradient, float[] x) {
    for (int i = 0; i < labels.length; i++) {
      examples[labels[i]]++;
      for (int kind = 0; kind < Bases.KINDS; kind++) {
        for (int position = 0; position < Bases.WINDOW; position++) {
          int at = (i * Bases.KINDS + kind) * Bases.WINDOW + position;
          sums[labels[i]][position] += Math.abs((double) gradient[at] * x[at]);
        }
      }
    }
  }

  /** The means for a site by position, null where there is no example. */
  List<Double> ofSite(Site site) {
    List<Double> means = new ArrayList<>();
    for (double sum : sums[site.ordinal()]) {
      means.add(examples[site.ordinal()] == 0 ? null : sum / examples[site.ordinal()]);
    }
    return means;
  }
}
