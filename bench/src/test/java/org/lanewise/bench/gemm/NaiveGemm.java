package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/** Three loops. */
record NaiveGemm(String name, Memory memory) implements Implementation {
  @Override
  public void setThreads(int threads) {}

  @Override
  public Runnable product(Operands operands) {
    return () -> multiply(operands, operands);
  }

  /** Multiplies as if the shape were {@code seen}'s. */
  static void multiply(Operands operands, Operands seen) {
    Shape shape = operands.shape();
    for (int i = 0; i < shape.m(); i++) {
      for (int j = 0; j < shape.n(); j++) {
        double sum = 0;
        for (int p = 0; p < shape.k(); p++) {
          sum += seen.a(i, p) * seen.b(p, j);
        }
        long index = (long) i * shape.ldc() + j;
        if (operands.type() == Type.F32) {
          operands.c().setAtIndex(JAVA_FLOAT, index, (float) sum);
        } else {
          operands.c().setAtIndex(JAVA_DOUBLE, index, sum);
        }
      }
    }
  }
}
