package org.lanewise.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Margins around a tensor. Those of its own elements are put together of slices. */
final class Margins {
  private final Tensor x;
  private final int axis;
  private final long length;
  private final PaddingMode mode;
  private final Map<List<Long>, Tensor> slices = new HashMap<>();
  private final List<Tensor> parts = new ArrayList<>();

  private Margins(Tensor x, int axis, PaddingMode mode) {
    this.x = x;
    this.axis = axis;
    this.length = x.shape().dimension(axis);
    this.mode = mode;
  }

  /** The tensor with margins before and after the elements of an axis, from 0. */
  static Tensor around(Tensor x, int axis, long before, long after, PaddingMode mode) {
    if (mode == PaddingMode.ZEROS) {
      return before == 0 && after == 0 ? x : x.pad(axis, before, after);
    }
    Margins margins = new Margins(x, axis, mode);
    margins.check(before, after);
    margins.add(-before, 0);
    margins.parts.add(x);
    margins.add(margins.length, margins.length + after);
    return Tensor.concat(axis, margins.parts);
  }

  private void check(long before, long after) {
    long most =
        switch (mode) {
          case ZEROS -> Long.MAX_VALUE;
          case REFLECT -> Math.max(0, length - 1);
          case REPLICATE -> length == 0 ? 0 : Long.MAX_VALUE;
          case CIRCULAR -> length;
        };
    if (Math.min(before, after) < 0 || Math.max(before, after) > most) {
      throw x.mismatch(
          "%s margins in axis %d of %s must be from 0 to %d but are %d and %d"
              .formatted(mode, axis, x, most, before, after));
    }
  }

  /** Appends what is at some places before or after the elements, neighbours as one slice. */
  private void add(long from, long to) {
    long start = from;
    for (long place = from; place < to; place++) {
      if (place + 1 == to || source(place + 1) != source(place) + 1) {
        long first = source(start);
        long end = source(place) + 1;
        parts.add(slices.computeIfAbsent(List.of(first, end), _ -> x.slice(axis, first, end)));
        start = place + 1;
      }
    }
  }

  /** The index of the element that is at a place before or after the elements. */
  private long source(long place) {
    return switch (mode) {
      case ZEROS -> throw new IllegalStateException("no element is at " + place);
      case REFLECT -> place < 0 ? -place : 2 * (length - 1) - place;
      case REPLICATE -> Math.clamp(place, 0, length - 1);
      case CIRCULAR -> Math.floorMod(place, length);
    };
  }
}
