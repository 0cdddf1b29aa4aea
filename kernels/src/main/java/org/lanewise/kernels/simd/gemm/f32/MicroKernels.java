package org.lanewise.kernels.simd.gemm.f32;

import java.lang.foreign.MemorySegment;

/** The micro-kernels for this machine's vectors and registers. */
final class MicroKernels {
  /** Whether there are 32 vector registers rather than 16. */
  private static final boolean MANY_REGISTERS =
      Memory.F32.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");

  // Each list from wide to narrow, the last kernel one vector wide.

  /** For any tall matrix. */
  private static final MicroKernel[] TALL =
      MANY_REGISTERS
          ? new MicroKernel[] {new MicroKernel4x4(), new MicroKernel8x2(), new MicroKernel4x1()}
          : new MicroKernel[] {new MicroKernel6x2(), new MicroKernel6x1()};

  /** For op(A) whose columns lie side by side, and as many columns of C as whole tiles have. */
  static final MicroKernel COLUMNS =
      MANY_REGISTERS ? new MicroKernel4x4Columns() : new MicroKernel6x2Columns();

  /** For matrices with fewer rows than the tallest kernel has. */
  private static final MicroKernel[] LOW =
      MANY_REGISTERS ? new MicroKernel[] {TALL[0], new MicroKernel4x2(), TALL[2]} : TALL;

  /** For matrices with fewer rows than that. */
  private static final MicroKernel[] ROW = {new MicroKernel1x4(), new MicroKernel1x1()};

  /** Rows of the tallest kernel. */
  static final int MAX_ROWS = MANY_REGISTERS ? 8 : 6;

  /** Rows of the lowest kernel that has several. */
  static final int TILE_ROWS = TALL[0].rows();

  /** Columns of a packed panel. */
  static final int TILE_COLUMNS = Math.max(TALL[0].columns(), ROW[0].columns());

  private MicroKernels() {}

  /**
   * The kernel for the next columns of a matrix: one that takes all that are left, if the matrix is
   * as wide as that, or else the widest one.
   *
   * @param rows of the matrix
   * @param columns of the matrix
   * @param left columns that are left
   */
  static MicroKernel of(long rows, long columns, long left) {
    MicroKernel[] kernels = TALL;
    if (rows < TILE_ROWS) {
      kernels = ROW;
    } else if (rows < MAX_ROWS) {
      kernels = LOW;
    }
    int i = 0;
    while (i < kernels.length - 1
        && (kernels[i].columns() > columns || kernels[i + 1].columns() >= left)) {
      i++;
    }
    return kernels[i];
  }

  /**
   * Whether {@link #COLUMNS} is faster for so many columns of C than a copy of A with the elements
   * of rows side by side, whose cost they share.
   */
  static boolean areFewWholeTiles(long columns) {
    return columns % COLUMNS.columns() == 0 && columns < 4L * COLUMNS.columns();
  }

  /** Calls each kernel with nothing to do, see {@link WarmUp}. */
  static void callEmpty(MemorySegment memory) {
    callEmpty(TALL, memory);
    callEmpty(LOW, memory);
    callEmpty(COLUMNS, memory);
    callEmpty(ROW, memory);
  }

  private static void callEmpty(MicroKernel[] kernels, MemorySegment memory) {
    for (MicroKernel kernel : kernels) {
      callEmpty(kernel, memory);
    }
  }

  private static void callEmpty(MicroKernel kernel, MemorySegment memory) {
    kernel.multiply(0, memory, 0, 0, memory, 0, 0, memory, 0, 0);
  }
}
