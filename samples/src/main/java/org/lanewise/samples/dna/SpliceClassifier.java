package org.lanewise.samples.dna;

import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;

/**
 * Networks that classify windows of bases [batch, 4, 1, 60] together: the probability of a site is
 * the mean over the networks, each of which is trained for itself.
 */
record SpliceClassifier(List<Network> networks) {
  /** Networks that are trained together. */
  static final int TOGETHER = 5;

  SpliceClassifier(int networks) {
    this(Stream.generate(Network::new).limit(networks).toList());
  }

  /** A convolution over the bases, whose place in the window counts, and a hidden layer. */
  record Network(Conv2d conv, Linear hidden, Linear output) implements Layer {
    private static final int FILTERS = 16;
    private static final int WIDTH = 3;
    private static final int HIDDEN = 32;

    Network() {
      this(
          conv2d(Bases.KINDS, FILTERS, Window.of(1, WIDTH).withPadding(0, WIDTH / 2)),
          linear((long) FILTERS * Bases.WINDOW, HIDDEN),
          linear(HIDDEN, Site.values().length));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor motifs = conv.forward(x).relu().flatten();
      return output.forward(hidden.forward(motifs.dropout(0.5f)).relu().dropout(0.5f));
    }
  }

  /** The mean of the networks' losses; the tensor {@code logits} is what they say together. */
  Tensor loss(Tensors in) {
    Tensor x = in.get("x");
    Tensor labels = in.get("label").convert(DType.I32);
    List<Tensor> logits = networks.stream().map(network -> network.forward(x)).toList();
    mean(logits.stream().map(each -> each.softmax(-1)).toList()).as("logits");
    return mean(logits.stream().map(each -> each.crossEntropy(labels)).toList());
  }

  /** The probabilities of the sites, [batch, 3]. */
  Tensor probabilities(Tensor x) {
    return mean(networks.stream().map(network -> network.forward(x).softmax(-1)).toList());
  }

  /**
   * How much is in favour of a site: the sum over the windows of the mean logit of it.
   *
   * @param site 1 for the wanted site of each window and 0 for others, [batch, 3]
   */
  Tensor score(Tensor x, Tensor site) {
    return mean(networks.stream().map(network -> network.forward(x)).toList()).mul(site).sum();
  }

  private static Tensor mean(List<Tensor> tensors) {
    return tensors.stream().reduce(Tensor::add).orElseThrow().mul(1f / tensors.size());
  }
}
