package org.lanewise.kernels.simd.gemm.f32;

import java.lang.foreign.MemorySegment;

/** The micro-kernels for this machine's vectors and registers. */
final class MicroKernels {
  private static final boolean MANY_REGISTERS = Memory.F32.vectorBitSize() == 512;

  /** For tiles of several rows, from wide to narrow; the last is one vector wide. */
  private static final MicroKernel[] TILES =
      MANY_REGISTERS
          ? new MicroKernel[] {new MicroKernel4x4(), new MicroKernel4x2(), new MicroKernel4x1()}
          : new MicroKernel[] {new MicroKernel6x2(), new MicroKernel6x1()};

  /** For tiles of several rows, where the columns of op(A) are contiguous. */
  private static final MicroKernel[] COLUMNS =
      MANY_REGISTERS
          ? new MicroKernel[] {new MicroKernel4x4Columns(), TILES[1], TILES[2]}
          : new MicroKernel[] {new MicroKernel6x2Columns(), TILES[1]};

  /** For single rows. */
  private static final MicroKernel[] ROWS = {new MicroKernel1x4(), new MicroKernel1x1()};

  static final int TILE_ROWS = TILES[0].rows();

  /** Columns of a packed panel. */
  static final int TILE_COLUMNS = Math.max(TILES[0].columns(), ROWS[0].columns());

  private MicroKernels() {}

  /** The widest kernel for a matrix of {@code rows} rows with {@code columns} columns left. */
  static MicroKernel of(long rows, long columns, boolean contiguous) {
    MicroKernel[] kernels = rows < TILE_ROWS ? ROWS : contiguous ? COLUMNS : TILES;
    int i = 0;
    while (kernels[i].columns() > columns && i < kernels.length - 1) {
      i++;
    }
    return kernels[i];
  }

  /** Calls each kernel with nothing to do, see {@link WarmUp}. */
  static void callEmpty(MemorySegment memory) {
    callEmpty(TILES, memory);
    callEmpty(COLUMNS, memory);
    callEmpty(ROWS, memory);
  }

  private static void callEmpty(MicroKernel[] kernels, MemorySegment memory) {
    for (MicroKernel kernel : kernels) {
      kernel.multiply(0, memory, 0, 0, 0, memory, 0, 0, memory, 0, 0);
    }
  }
}
