package org.lanewise.nn.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.oracle.OnnxRuntime;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** What is exported gives in ONNX Runtime what it gives here, at the exported sizes and others. */
class OnnxExportTest {
  private static final double TOLERANCE = 1e-5;

  /** What belongs to training, and what is a user's own. */
  private static final Set<Class<?>> REFUSED =
      Stream.concat(
              forward(LossOp.Forward.class), Stream.of(DropoutOp.Dropout.class, Op.Custom.class))
          .collect(Collectors.toSet());

  @TempDir private Path folder;

  static Stream<OnnxCase> cases() {
    return Stream.of(
            PointwiseCases.all(),
            LayoutCases.all(),
            LayerCases.all(),
            AttentionCases.all(),
            ModelCases.all())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void runsAsHere(OnnxCase one) throws IOException, OrtException {
    Path file = folder.resolve("model.onnx");
    Weights weights = Weights.of(one.model()).initialize(1);
    Onnx.export(weights, one.function(), one.signature(), file, one.options());
    List<Signature> signatures = new ArrayList<>(List.of(one.signature()));
    signatures.addAll(one.others());
    try (OnnxRuntime runtime = OnnxRuntime.open(file);
        Session session = Session.open("cpu", 1, weights)) {
      for (Signature signature : signatures) {
        Map<String, HostTensor> inputs = inputs(one, signature);
        Map<String, HostTensor> expected = session.runAll(one.function(), inputs);
        Map<String, HostTensor> found = runtime.run(inputs);
        assertThat(found.keySet()).containsExactlyElementsOf(expected.keySet());
        expected.forEach(
            (name, tensor) -> assertClose(found.get(name), tensor, name + " of " + signature));
      }
    }
  }

  @Test
  void coversTheVocabulary() {
    Set<Class<?>> covered = new HashSet<>(REFUSED);
    cases()
        .forEach(one ->
            Weights.of(one.model())
                .components()
                .trace(Mode.EVALUATE, one.signature(), one.function())
                .nodes()
                .forEach(node -> covered.add(node.op().getClass())));
    assertThat(covered).containsAll(forward(Op.Forward.class).toList());
  }

  private static Stream<Class<?>> forward(Class<?> ops) {
    return ops.isSealed()
        ? Stream.of(ops.getPermittedSubclasses()).flatMap(OnnxExportTest::forward)
        : Stream.of(ops);
  }

  private static Map<String, HostTensor> inputs(OnnxCase one, Signature signature) {
    SplittableRandom random = new SplittableRandom(7);
    SequencedMap<String, HostTensor> inputs = new LinkedHashMap<>();
    signature
        .types()
        .forEach((name, type) -> {
          HostTensor tensor = HostTensor.zeros(type);
          int bound = one.below().getOrDefault(name, 2);
          int least = name.equals("lengths") ? 1 : 0; // the operators want it so
          for (long i = 0; i < type.shape().size(); i++) {
            set(tensor, i, least, bound, random);
          }
          inputs.put(name, tensor);
        });
    return inputs;
  }

  private static void set(
      HostTensor tensor, long i, int least, int bound, SplittableRandom random) {
    MemorySegment data = tensor.data();
    switch (tensor.type().dtype()) {
      case F32 -> data.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(-3, 3));
      case I32 -> data.setAtIndex(JAVA_INT, i, random.nextInt(least, bound));
      case U8 -> data.set(JAVA_BYTE, i, (byte) random.nextInt());
      case I64 -> data.setAtIndex(JAVA_LONG, i, random.nextInt(bound));
      case F16 ->
          data.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16((float) random.nextDouble(-3, 3)));
      case BF16 -> {
        int bits = Float.floatToRawIntBits((float) random.nextDouble(-3, 3));
        data.setAtIndex(JAVA_SHORT, i, (short) (bits >> 16));
      }
    }
  }

  private static void assertClose(HostTensor found, HostTensor expected, String what) {
    assertThat(found.type()).as(what).isEqualTo(expected.type());
    TensorType type = expected.type();
    if (type.dtype() != DType.F32) {
      assertThat(found.data().mismatch(expected.data())).as(what).isEqualTo(-1);
      return;
    }
    float[] a = found.toFloats();
    float[] b = expected.toFloats();
    for (int i = 0; i < a.length; i++) {
      double allowed = TOLERANCE * Math.max(1, Math.abs(b[i]));
      if (Float.isFinite(b[i])) {
        assertThat((double) a[i]).as("%s, element %d", what, i).isCloseTo(b[i], within(allowed));
      } else {
        assertThat(a[i]).as("%s, element %d", what, i).isEqualTo(b[i]);
      }
    }
  }
}
