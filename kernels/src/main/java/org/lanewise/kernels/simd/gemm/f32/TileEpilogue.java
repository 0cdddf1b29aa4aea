package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.F32;
import static org.lanewise.kernels.simd.gemm.f32.Memory.FLOAT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ORDER;
import static org.lanewise.kernels.simd.gemm.f32.Memory.VECTOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.simd.Lanes;

/** The epilogue on a tile of C, while it is in the first-level cache: one pass for each part. */
final class TileEpilogue {
  private TileEpilogue() {}

  /**
   * Applies the product's epilogue.
   *
   * @param matrix of the batch
   * @param row of the tile's first element in C
   * @param column of the tile's first element in C
   * @param at where the tile's first element lies
   */
  static void apply(
      Product product, long matrix, long row, long column, int rows, int columns, long at) {
    Epilogue epilogue = product.epilogue;
    MemorySegment c = product.c;
    long stride = product.cRow;
    switch (epilogue.bias()) {
      case NONE -> {}
      case ROW ->
          addScalars(
              product.bias, product.biasOffset + row * ELEMENT, rows, columns, c, at, stride);
      case COLUMN ->
          add(product.bias, product.biasOffset + column * ELEMENT, 0, rows, columns, c, at, stride);
    }
    if (epilogue.residual()) {
      long residualAt =
          product.residualStart(matrix) + row * product.residualRow + column * ELEMENT;
      add(product.residual, residualAt, product.residualRow, rows, columns, c, at, stride);
    }
    switch (epilogue.function()) {
      case NONE -> {}
      case RELU -> clamp(0f, Float.POSITIVE_INFINITY, rows, columns, c, at, stride);
      case CLAMP ->
          clamp((float) epilogue.low(), (float) epilogue.high(), rows, columns, c, at, stride);
      case TANH, SILU, GELU, GELU_TANH -> Memory.apply(epilogue, c, at, stride, rows, columns);
    }
  }

  private static void add(
      MemorySegment source,
      long sourceOffset,
      long sourceRow,
      int rows,
      int columns,
      MemorySegment c,
      long cOffset,
      long cRow) {
    source = Lanes.memory(source);
    c = Lanes.memory(c);
    for (int i = 0; i < rows; i++) {
      long from = sourceOffset + i * sourceRow;
      long to = cOffset + i * cRow;
      int j = 0;
      for (; j <= columns - COUNT; j += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, c, to, ORDER))
            .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, source, from, ORDER)))
            .intoMemorySegment(c, to, ORDER);
        from += VECTOR;
        to += VECTOR;
      }
      for (; j < columns; j++) {
        c.set(FLOAT, to, c.get(FLOAT, to) + source.get(FLOAT, from));
        from += ELEMENT;
        to += ELEMENT;
      }
    }
  }

  private static void addScalars(
      MemorySegment source,
      long sourceOffset,
      int rows,
      int columns,
      MemorySegment c,
      long cOffset,
      long cRow) {
    source = Lanes.memory(source);
    c = Lanes.memory(c);
    for (int i = 0; i < rows; i++) {
      float value = source.get(FLOAT, sourceOffset + i * ELEMENT);
      long to = cOffset + i * cRow;
      int j = 0;
      for (; j <= columns - COUNT; j += COUNT) {
        FLOATS
            .cast(FloatVector.fromMemorySegment(F32, c, to, ORDER))
            .add(value)
            .intoMemorySegment(c, to, ORDER);
        to += VECTOR;
      }
      for (; j < columns; j++) {
        c.set(FLOAT, to, c.get(FLOAT, to) + value);
        to += ELEMENT;
      }
    }
  }

  private static void clamp(
      float low, float high, int rows, int columns, MemorySegment c, long cOffset, long cRow) {
    c = Lanes.memory(c);
    for (int i = 0; i < rows; i++) {
      long to = cOffset + i * cRow;
      int j = 0;
      for (; j <= columns - COUNT; j += COUNT) {
        FloatVector value = FLOATS.cast(FloatVector.fromMemorySegment(F32, c, to, ORDER));
        value = value.blend(low, value.compare(VectorOperators.LT, low));
        value = value.blend(high, value.compare(VectorOperators.GT, high));
        value.intoMemorySegment(c, to, ORDER);
        to += VECTOR;
      }
      for (; j < columns; j++) {
        float value = c.get(FLOAT, to);
        c.set(FLOAT, to, value < low ? low : value > high ? high : value);
        to += ELEMENT;
      }
    }
  }
}
