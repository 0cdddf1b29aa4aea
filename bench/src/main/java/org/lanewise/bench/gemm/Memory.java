package org.lanewise.bench.gemm;

import java.util.Locale;

/** Where Lanewise's matrices are; those of the peers are always native. */
public enum Memory {
  /** Outside the Java heap. */
  NATIVE,
  /** Java arrays. */
  HEAP;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
