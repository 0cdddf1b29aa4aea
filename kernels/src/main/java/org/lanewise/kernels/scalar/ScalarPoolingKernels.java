package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.PoolingKernels;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.Window;

/** Poolings, one element after the other. */
public final class ScalarPoolingKernels implements PoolingKernels {
  /** The only instance. */
  public static final ScalarPoolingKernels INSTANCE = new ScalarPoolingKernels();

  private ScalarPoolingKernels() {}

  @Override
  public void max(
      PoolingShape shape,
      MemorySegment x,
      MemorySegment y,
      MemorySegment indices,
      long from,
      long to) {
    for (long i = from * shape.outputPlane(); i < to * shape.outputPlane(); i++) {
      long plane = i / shape.outputPlane() * shape.plane();
      float max = Float.NEGATIVE_INFINITY;
      long index = -1;
      for (long t = 0; t < shape.window().kernelSize(); t++) {
        long element = element(shape, t, i % shape.outputPlane());
        if (element >= 0) {
          float value = x.getAtIndex(JAVA_FLOAT, plane + element);
          if (index < 0 || value > max || value != value) {
            max = value;
            index = element;
          }
        }
      }
      y.setAtIndex(JAVA_FLOAT, i, max);
      indices.setAtIndex(JAVA_INT, i, (int) index);
    }
  }

  /** The element of a plane that element t of a pixel's window is, or −1 if it is padding. */
  private static long element(PoolingShape shape, long t, long pixel) {
    Window window = shape.window();
    long row =
        pixel / shape.outputWidth() * window.strideHeight()
            + t / window.kernelWidth() * window.dilationHeight()
            - window.paddingHeight();
    long column =
        pixel % shape.outputWidth() * window.strideWidth()
            + t % window.kernelWidth() * window.dilationWidth()
            - window.paddingWidth();
    boolean inside = row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
    return inside ? row * shape.width() + column : -1;
  }

  @Override
  public void maxBackward(
      long plane,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dx,
      long from,
      long to) {
    for (long i = from * plane; i < to * plane && !accumulate; i++) {
      dx.setAtIndex(JAVA_FLOAT, i, 0f);
    }
    for (long i = from * outputPlane; i < to * outputPlane; i++) {
      int index = indices.getAtIndex(JAVA_INT, i);
      if (index < -1 || index >= plane) {
        throw new IndexOutOfBoundsException(
            "index %d of output %d is not one of the %d elements of a plane"
                .formatted(index, i, plane));
      }
      if (index >= 0) {
        long at = i / outputPlane * plane + index;
        dx.setAtIndex(JAVA_FLOAT, at, dx.getAtIndex(JAVA_FLOAT, at) + dy.getAtIndex(JAVA_FLOAT, i));
      }
    }
  }

  @Override
  public void average(
      PoolingShape shape,
      boolean countPadding,
      MemorySegment x,
      MemorySegment y,
      long from,
      long to) {
    for (long i = from * shape.outputPlane(); i < to * shape.outputPlane(); i++) {
      long plane = i / shape.outputPlane() * shape.plane();
      long pixel = i % shape.outputPlane();
      float sum = 0f;
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long t = 0; t < shape.window().kernelSize(); t++) {
        long element = element(shape, t, pixel);
        if (element >= 0) {
          float value = x.getAtIndex(JAVA_FLOAT, plane + element);
          sum += value;
          lanes[(int) (element % VirtualLanes.COUNT)] += value;
        }
      }
      sum = shape.isGlobal() ? VirtualLanes.sum(lanes) : sum;
      y.setAtIndex(JAVA_FLOAT, i, sum / count(shape, countPadding, pixel));
    }
  }

  private static float count(PoolingShape shape, boolean countPadding, long pixel) {
    return countPadding
        ? shape.window().kernelSize()
        : shape.rowsInside(pixel / shape.outputWidth())
            * shape.columnsInside(pixel % shape.outputWidth());
  }

  @Override
  public void averageBackward(
      PoolingShape shape,
      boolean countPadding,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to) {
    for (long i = from * shape.plane(); i < to * shape.plane() && !accumulate; i++) {
      dx.setAtIndex(JAVA_FLOAT, i, 0f);
    }
    for (long i = from * shape.outputPlane(); i < to * shape.outputPlane(); i++) {
      long plane = i / shape.outputPlane() * shape.plane();
      long pixel = i % shape.outputPlane();
      float share = dy.getAtIndex(JAVA_FLOAT, i) / count(shape, countPadding, pixel);
      for (long t = 0; t < shape.window().kernelSize(); t++) {
        long element = element(shape, t, pixel);
        if (element >= 0) {
          float old = dx.getAtIndex(JAVA_FLOAT, plane + element);
          dx.setAtIndex(JAVA_FLOAT, plane + element, old + share);
        }
      }
    }
  }
}
