package org.lanewise.samples.training;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.session.Session;

/** Classifies samples with a model, whose weights a session has. */
public final class Predictor {
  private static final int AT_ONCE = 500;

  private final Session session;
  private final Function<Tensors, Tensor> probabilities;

  /**
   * A predictor.
   *
   * @param probabilities of the classes, [batch, classes], from an input {@code x}
   */
  public Predictor(Session session, Function<Tensors, Tensor> probabilities) {
    this.session = session;
    this.probabilities = probabilities;
  }

  /**
   * A predictor by a classifier.
   *
   * @param classifier maps an input {@code x} to logits [batch, classes]
   */
  public static Predictor of(Session session, Layer classifier) {
    return new Predictor(session, in -> classifier.forward(in.get("x")).softmax(-1));
  }

  /** Classifies samples, which the first axis counts. */
  public List<Prediction> predict(HostTensor samples) {
    TensorType type = samples.type();
    long count = type.shape().dimension(0);
    List<Prediction> predictions = new ArrayList<>();
    for (long from = 0; from < count; from += AT_ONCE) {
      long rows = Math.min(count - from, AT_ONCE);
      TensorType ofPart = new TensorType(type.dtype(), type.shape().withDimension(0, rows));
      long bytes = type.byteSize() / count;
      MemorySegment part = samples.data().asSlice(from * bytes, ofPart.byteSize());
      HostTensor x = new HostTensor(ofPart, part);
      float[] all = session.run(probabilities, Map.of("x", x)).toFloats();
      int classes = all.length / (int) rows;
      for (int row = 0; row < all.length; row += classes) {
        predictions.add(new Prediction(Arrays.copyOfRange(all, row, row + classes)));
      }
    }
    return predictions;
  }
}
