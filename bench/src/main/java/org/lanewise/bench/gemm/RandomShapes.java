package org.lanewise.bench.gemm;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Small shapes of every kind. */
final class RandomShapes {
  private static final int MAX_SIZE = 300;
  private static final int MAX_PADDING = 16;

  private RandomShapes() {}

  /** So many shapes, the same for the same seed. */
  static List<Shape> of(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> shape(random)).limit(count).toList();
  }

  private static Shape shape(SplittableRandom random) {
    return Shape.padded(
        random.nextInt(1, MAX_SIZE + 1),
        random.nextInt(1, MAX_SIZE + 1),
        random.nextInt(1, MAX_SIZE + 1),
        Trans.values()[random.nextInt(Trans.values().length)],
        random.nextInt(MAX_PADDING + 1),
        random.nextInt(MAX_PADDING + 1),
        random.nextInt(MAX_PADDING + 1));
  }
}
