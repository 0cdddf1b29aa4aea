package org.lanewise.nn.models;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.io.StoredType;
import org.lanewise.nn.models.BertConfig.Family;

/**
 * The sizes of a BERT in the ONNX format that has no configuration beside it: most are shapes of
 * its weights, the others are constants in the graph that PyTorch's exporter writes.
 *
 * @param tensors by the names of parameters
 * @param constants by the names of outputs
 */
record OnnxConfig(
    Path file, Map<String, StoredTensor> tensors, Map<String, StoredTensor> constants) {
  private static final float SQRT_2 = (float) Math.sqrt(2);
  private static final float LARGEST_EPSILON = 1e-3f;

  BertConfig config() throws MalformedFileException {
    StoredTensor words = matrix("embeddings.word_embeddings.weight");
    int width = size(words, 1);
    return new BertConfig(
        Family.BERT,
        size(words, 0),
        width,
        layers(),
        heads(width),
        size(matrix("encoder.layer.0.intermediate.dense.weight"), 0),
        size(matrix("embeddings.position_embeddings.weight"), 0),
        0,
        size(matrix("embeddings.token_type_embeddings.weight"), 0),
        epsilon(),
        activation(),
        0f);
  }

  private StoredTensor matrix(String name) throws MalformedFileException {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null || tensor.shape().rank() != 2) {
      throw unknown("matrix " + name);
    }
    return tensor;
  }

  private static int size(StoredTensor matrix, int axis) {
    return Math.toIntExact(matrix.shape().dimension(axis));
  }

  private int layers() {
    int layers = 0;
    while (tensors.containsKey("encoder.layer.%d.output.dense.weight".formatted(layers))) {
      layers++;
    }
    return layers;
  }

  /** The heads and the width of each, one after the other, are what rows are reshaped to. */
  private int heads(int width) throws MalformedFileException {
    List<Long> lengths = new ArrayList<>();
    constants.forEach((name, value) -> {
      boolean isLength = value.type() == StoredType.I64 && value.shape().equals(Shape.of(1));
      if (isLength && isIn(name, "attention/self")) {
        lengths.add(value.data().get(JAVA_LONG_UNALIGNED, 0));
      }
    });
    Set<Long> heads = new LinkedHashSet<>();
    for (int i = 0; i + 1 < lengths.size(); i++) {
      long count = lengths.get(i);
      if (count > 0 && count * lengths.get(i + 1) == width) {
        heads.add(count);
        i++; // the width of a head begins no other pair
      }
    }
    if (heads.size() != 1) {
      throw unknown("number of heads");
    }
    return heads.iterator().next().intValue();
  }

  private float epsilon() throws MalformedFileException {
    return scalars("attention/output/LayerNorm").stream()
        .filter(value -> value >= 0 && value < LARGEST_EPSILON)
        .findFirst()
        .orElseThrow(() -> unknown("epsilon of the norms"));
  }

  /** GELU divides by √2 before it takes erf. */
  private Activation activation() throws MalformedFileException {
    if (!scalars("intermediate").contains(SQRT_2)) {
      throw unknown("GELU");
    }
    return Activation.GELU;
  }

  private List<Float> scalars(String layer) {
    List<Float> scalars = new ArrayList<>();
    constants.forEach((name, value) -> {
      if (isIn(name, layer) && value.type() == StoredType.F32 && value.shape().size() == 1) {
        scalars.add(value.data().get(JAVA_FLOAT_UNALIGNED, 0));
      }
    });
    return scalars;
  }

  private static boolean isIn(String name, String layer) {
    return name.contains("encoder/layer.0/" + layer + "/");
  }

  private MalformedFileException unknown(String what) {
    return new MalformedFileException(
        file, "the graph has no %s; a config.json beside it says more".formatted(what));
  }
}
