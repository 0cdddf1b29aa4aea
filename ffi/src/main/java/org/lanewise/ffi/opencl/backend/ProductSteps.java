package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;

/** Matrix products on a device. */
final class ProductSteps {
  private static final String CPU = "gemm_cpu.cl";

  /**
   * The tile of operands that are read where they are: B is read from the cache again for each tile
   * of rows, so there are many rows.
   */
  private static final CpuTile DIRECT = new CpuTile(12, 2, "");

  /** The tile of panels: many columns, since a step through a panel of A then lasts longer. */
  private static final CpuTile PACKED = new CpuTile(6, 4, "PACKED");

  /** Multiply-adds up to which packing costs more than it saves: 512³, measured on PoCL. */
  private static final long MAX_DIRECT = 512L * 512 * 512;

  /** The group, tile and step of devices with local memory: 4×4 sums an item. */
  private static final int SIDE = 16;

  private static final int TILE = 64;
  private static final int STEP = 16;

  private ProductSteps() {}

  static Step bind(ProductOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case ProductOp.Gemm gemm -> bind(Product.of(gemm, in, out), launcher);
    };
  }

  private static Step bind(Product product, Launcher launcher) {
    if (!launcher.isCpu()) {
      return onGroups(product, launcher);
    }
    return product.isDirect() ? direct(product, launcher) : packed(product, launcher);
  }

  private static Step direct(Product product, Launcher launcher) {
    Launcher.Arguments arguments =
        launcher
            .kernel(CPU, "multiply", DIRECT.options())
            .number(product.m)
            .number(product.n)
            .number(product.k)
            .tensor(product.a)
            .number(product.aRow)
            .number(product.aDepth)
            .tensor(product.b)
            .number(product.bDepth);
    return product.finish(arguments).over(DIRECT.down(product.m), DIRECT.across(product.n));
  }

  private static Step packed(Product product, Launcher launcher) {
    long down = PACKED.down(product.m);
    long across = PACKED.across(product.n);
    Operand panelsOfA = launcher.scratch(down * PACKED.rows() * product.k);
    Operand panelsOfB = launcher.scratch(across * PACKED.columns() * product.k);
    Step packA =
        launcher
            .kernel(CPU, "pack_a", PACKED.options())
            .tensor(product.a)
            .number(product.aRow)
            .number(product.aDepth)
            .number(product.m)
            .number(product.k)
            .tensor(panelsOfA)
            .over(down);
    Step packB =
        launcher
            .kernel(CPU, product.bColumn == 1 ? "pack_b" : "pack_b_transposed", PACKED.options())
            .tensor(product.b)
            .number(product.bColumn == 1 ? product.bDepth : product.bColumn)
            .number(product.n)
            .number(product.k)
            .tensor(panelsOfB)
            .over(across);
    Launcher.Arguments arguments =
        launcher
            .kernel(CPU, "multiply", PACKED.options())
            .number(product.m)
            .number(product.n)
            .number(product.k)
            .tensor(panelsOfA)
            .number(0)
            .number(0)
            .tensor(panelsOfB)
            .number(0);
    return launcher.sequence(packA, packB, product.finish(arguments).over(down, across));
  }

  private static Step onGroups(Product product, Launcher launcher) {
    Launcher.Arguments arguments =
        launcher
            .kernel("gemm_gpu.cl", "multiply", "SIDE=" + SIDE, "TILE=" + TILE, "STEP=" + STEP)
            .number(product.m)
            .number(product.n)
            .number(product.k)
            .tensor(product.a)
            .number(product.aRow)
            .number(product.aDepth)
            .tensor(product.b)
            .number(product.bColumn)
            .number(product.bDepth);
    long[] items = {
      Math.ceilDiv(product.n, (long) TILE) * SIDE, Math.ceilDiv(product.m, (long) TILE) * SIDE, 1
    };
    return product.finish(arguments).overGroups(items, new long[] {SIDE, SIDE, 1});
  }

  /** A tile of C in registers, and how its operands are read. */
  private record CpuTile(int rows, int vectors, String option) {
    String[] options() {
      return new String[] {
        "ROWS=" + rows, "VECTORS=" + vectors, option.isEmpty() ? "DIRECT" : option
      };
    }

    int columns() {
      return vectors * Launcher.LANES;
    }

    long down(long m) {
      return Math.ceilDiv(m, (long) rows);
    }

    long across(long n) {
      return Math.ceilDiv(n, (long) columns());
    }
  }

  /**
   * A product with its operands.
   *
   * @param aRow elements from one row of op(A) to the next
   * @param aDepth elements from one column of op(A) to the next
   * @param bColumn elements from one column of op(B) to the next
   * @param bDepth elements from one row of op(B) to the next
   */
  private record Product(
      ProductOp.Gemm op,
      long m,
      long n,
      long k,
      Operand a,
      long aRow,
      long aDepth,
      Operand b,
      long bColumn,
      long bDepth,
      Operand c,
      Operand bias) {
    static Product of(ProductOp.Gemm op, Operands in, Operands out) {
      boolean plainA = op.transA() == Transpose.NO;
      boolean plainB = op.transB() == Transpose.NO;
      long lda = in.dimension(0, 1);
      long ldb = in.dimension(1, 1);
      long k = in.dimension(0, plainA ? 1 : 0);
      return new Product(
          op,
          out.dimension(0, 0),
          out.dimension(0, 1),
          op.alpha() == 0f ? 0 : k, // as BLAS: A and B are not read
          in.get(0),
          plainA ? lda : 1,
          plainA ? 1 : lda,
          in.get(1),
          plainB ? 1 : ldb,
          plainB ? ldb : 1,
          out.get(0),
          in.optional(2));
    }

    boolean isDirect() {
      return bColumn == 1
          && m >= DIRECT.rows()
          && n >= DIRECT.columns()
          && m * n <= MAX_DIRECT / Math.max(k, 1);
    }

    /** The arguments that all kernels end with. */
    Launcher.Arguments finish(Launcher.Arguments arguments) {
      Epilogue epilogue = op.epilogue();
      return arguments
          .tensor(c)
          .tensor(bias == null ? c : bias)
          .real(k == 0 ? 0f : op.alpha())
          .integer(op.accumulate() ? 1 : 0)
          .integer(epilogue.hasBias() ? 1 : 0)
          .integer(epilogue.hasRelu() ? 1 : 0);
    }
  }
}
