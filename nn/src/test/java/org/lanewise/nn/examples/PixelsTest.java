package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.data.Sample;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Evaluation;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;

/** Pictures are bytes until they are on the device, and so are their labels. */
class PixelsTest {
  private static final int PICTURES = 128;
  private static final int SIDE = 5;
  private static final int PIXELS = SIDE * SIDE;

  /** Tells on which side a picture is brighter. */
  record Model(Linear hidden, Linear out) implements Layer {
    Model() {
      this(linear(PIXELS, 8), linear(8, 2));
    }

    @Override
    public Tensor forward(Tensor pixels) {
      Tensor x = pixels.flatten().toF32().mul(1f / 255);
      return out.forward(hidden.forward(x).relu());
    }
  }

  /** A picture that is made when it is needed: its size is no multiple of 4 bytes. */
  private record Pictures() implements Dataset {
    @Override
    public long size() {
      return PICTURES;
    }

    @Override
    public Signature signature() {
      return Signature.of("x", TensorType.u8(SIDE, SIDE)).and("label", TensorType.u8());
    }

    @Override
    public void read(long index, Sample into) {
      SplittableRandom random = new SplittableRandom(index);
      int label = random.nextInt(2);
      for (int i = 0; i < PIXELS; i++) {
        boolean isBright = i % SIDE < SIDE / 2 == (label == 0);
        into.set("x", i, (byte) (random.nextInt(156) + (isBright ? 100 : 0)));
      }
      into.set("label", 0, (byte) label);
    }
  }

  /** The same pictures, converted beforehand. */
  private static Dataset converted() {
    var batch = Batches.of(new Pictures()).size(PICTURES).epoch(0, 1, 0).next();
    return MemoryDataset.of("x", batch.tensor("x").convert(DType.F32))
        .and("label", batch.tensor("label").convert(DType.I32));
  }

  private static Weights train(Dataset pictures) {
    try (Trainer trainer = Trainer.classifier(new Model()).seed(1).build()) {
      Batches batches = Batches.of(pictures).size(30).shuffle(3);
      trainer.fit(batches, 30);
      Evaluation evaluation = trainer.evaluate(batches);
      assertThat(evaluation.metrics().get("accuracy")).isGreaterThan(0.95);
      return trainer.weights();
    }
  }

  @Test
  void bytesTrainToTheBitsOfFloats() {
    assertThat(train(new Pictures()).parametersToArrays())
        .usingRecursiveComparison()
        .isEqualTo(train(converted()).parametersToArrays());
  }

  @Test
  void bytesAreRunAsTheyAre() {
    Model model = new Model();
    byte[] pixels = new byte[3 * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (37 * i);
    }
    try (Session session = Session.open("cpu", Weights.of(model).initialize(1))) {
      HostTensor x = HostTensor.of(pixels, 3, SIDE, SIDE);
      float[] expected =
          session
              .run(in -> model.forward(in.get("x")), Map.of("x", x.convert(DType.F32)))
              .toFloats();
      HostTensor y =
          session.run(in -> model.forward(in.get("x")).convert(DType.BF16), Map.of("x", x));
      assertThat(y.type()).isEqualTo(TensorType.of(DType.BF16, 3, 2));
      for (int i = 0; i < expected.length; i++) {
        assertThat(y.toFloats()[i]).isCloseTo(expected[i], withinPercentage(0.4));
      }
    }
  }
}
