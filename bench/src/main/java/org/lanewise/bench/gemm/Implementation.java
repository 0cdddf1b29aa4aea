package org.lanewise.bench.gemm;

/** Somebody's matrix product. */
public interface Implementation extends AutoCloseable {
  /** A short name, which heads a column. */
  String name();

  /** Where its matrices have to be. */
  default Memory memory() {
    return Memory.NATIVE;
  }

  /** Has the products from now on run on so many threads. */
  void setThreads(int threads);

  /**
   * {@code C = op(A) · op(B)}, to be run as often as wanted. Whatever needs to be done once is done
   * here, so that running it is nothing but the call.
   */
  Runnable product(Operands operands);

  @Override
  default void close() {}
}
