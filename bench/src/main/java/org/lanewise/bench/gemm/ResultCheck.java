package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.lanewise.cli.UserException;

/**
 * Whether a product is right: all of C is written and nothing between its rows, and a sample of
 * elements is within (k + 2)·u·Σ|a||b| of a sum in twice the precision.
 */
public final class ResultCheck {
  private static final int SAMPLES = 64;

  private ResultCheck() {}

  /**
   * Runs a product once and checks C.
   *
   * @throws UserException if it is wrong
   */
  public static void check(String implementation, Runnable product, Operands operands) {
    fillWithNaN(operands.c(), operands.type());
    product.run();
    checkWritten(implementation, operands);
    Shape shape = operands.shape();
    SplittableRandom random = new SplittableRandom(1);
    checkElement(implementation, operands, 0, 0);
    checkElement(implementation, operands, shape.m() - 1, shape.n() - 1);
    for (int sample = 0; sample < SAMPLES; sample++) {
      checkElement(implementation, operands, random.nextInt(shape.m()), random.nextInt(shape.n()));
    }
  }

  private static void fillWithNaN(MemorySegment matrix, Type type) {
    for (long i = 0; i < matrix.byteSize() / type.bytes(); i++) {
      if (type == Type.F32) {
        matrix.setAtIndex(JAVA_FLOAT, i, Float.NaN);
      } else {
        matrix.setAtIndex(JAVA_DOUBLE, i, Double.NaN);
      }
    }
  }

  private static void checkWritten(String implementation, Operands operands) {
    Shape shape = operands.shape();
    for (int row = 0; row < shape.m(); row++) {
      for (int column = 0; column < shape.ldc(); column++) {
        boolean written = !Double.isNaN(operands.c(row, column));
        if (written != column < shape.n()) {
          throw new UserException(
              "%s is wrong: C[%d][%d] of %s %s"
                  .formatted(
                      implementation,
                      row,
                      column,
                      shape,
                      written ? "is written, after the end of its row" : "is not written"));
        }
      }
    }
  }

  private static void checkElement(String implementation, Operands operands, int row, int column) {
    Shape shape = operands.shape();
    double high = 0; // the sum and what is lost of it, by Ogita, Rump and Oishi's Dot2
    double low = 0;
    double absolute = 0;
    for (int p = 0; p < shape.k(); p++) {
      double a = operands.a(row, p);
      double b = operands.b(p, column);
      double product = a * b;
      double sum = high + product;
      double part = sum - high;
      low += Math.fma(a, b, -product) + (high - (sum - part)) + (product - part);
      high = sum;
      absolute += Math.abs(product);
    }
    double expected = high + low;
    double bound = (shape.k() + 2) * operands.type().unitRoundoff() * absolute;
    double actual = operands.c(row, column);
    if (!(Math.abs(actual - expected) <= bound)) {
      throw new UserException(
          "%s is wrong: C[%d][%d] of %s is %s and should be %s within %.1e"
              .formatted(implementation, row, column, shape, actual, expected, bound));
    }
  }
}
