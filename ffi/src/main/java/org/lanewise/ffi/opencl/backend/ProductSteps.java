package org.lanewise.ffi.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.ffi.opencl.backend.Tuning.GroupTile;
import org.lanewise.ffi.opencl.backend.Tuning.RegisterTile;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ProductShape;
import org.lanewise.kernels.op.Transpose;

/** Matrix products on a device. */
final class ProductSteps {
  private static final String CPU = "gemm_cpu.cl";

  private ProductSteps() {}

  static Step bind(ProductOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case ProductOp.Gemm gemm -> bind(Product.of(gemm, in, out), launcher);
    };
  }

  private static Step bind(Product product, Launcher launcher) {
    return launcher.sequence(prepareB(product, launcher), multiply(product, launcher));
  }

  /**
   * What {@link #multiply} needs B to be, where that is not as it is: it stays so as long as no
   * other product is computed.
   */
  static Step prepareB(Product product, Launcher launcher) {
    if (!launcher.isCpu()) {
      return launcher.sequence();
    }
    Panels panels = Panels.of(product, launcher.tuning());
    if (!panels.packsB) {
      return launcher.sequence();
    }
    return launcher
        .kernel(CPU, product.bColumn == 1 ? "pack_b" : "pack_b_transposed", panels.options())
        .tensor(product.b)
        .number(product.bMatrix())
        .number(product.bColumn == 1 ? product.bDepth : product.bColumn)
        .number(product.shape.n())
        .number(product.shape.k())
        .tensor(panels.ofB(product, launcher))
        .number(panels.bMatrix(product.shape))
        .over(panels.tile.across(product.shape.n()), product.shape.batch());
  }

  /** The product, once B is prepared. */
  static Step multiply(Product product, Launcher launcher) {
    return launcher.isCpu() ? onVectors(product, launcher) : onGroups(product, launcher);
  }

  private static Step onVectors(Product product, Launcher launcher) {
    ProductShape shape = product.shape;
    Panels panels = Panels.of(product, launcher.tuning());
    RegisterTile tile = panels.tile;
    List<Step> steps = new ArrayList<>();
    Operand packedA = product.a;
    if (panels.packsA) {
      packedA = panels.ofA(product, launcher);
      steps.add(
          launcher
              .kernel(CPU, "pack_a", panels.options())
              .tensor(product.a, product.aFrom)
              .number(product.aMatrix())
              .number(product.aRow)
              .number(product.aDepth)
              .number(shape.m())
              .number(shape.k())
              .tensor(packedA)
              .number(panels.aMatrix(shape))
              .over(tile.down(shape.m()), shape.batch()));
    }
    Launcher.Arguments arguments =
        launcher
            .kernel(
                CPU, "multiply", Epilogues.withFunction(product.op.epilogue(), panels.options()))
            .number(shape.m())
            .number(shape.n())
            .number(shape.k());
    arguments =
        panels.packsA ? arguments.tensor(packedA) : arguments.tensor(product.a, product.aFrom);
    arguments
        .number(panels.packsA ? panels.aMatrix(shape) : product.aMatrix())
        .number(product.aRow)
        .number(product.aDepth)
        .tensor(panels.packsB ? panels.ofB(product, launcher) : product.b)
        .number(panels.packsB ? panels.bMatrix(shape) : product.bMatrix())
        .number(product.bDepth);
    steps.add(
        product
            .finish(arguments)
            .over(tile.down(shape.m()), tile.across(shape.n()), shape.batch()));
    return new Sequence(steps);
  }

  /**
   * What is packed. Small products read their operands where they are, but for a B that is
   * transposed or narrower than a tile, and large ones pack both.
   */
  private record Panels(RegisterTile tile, boolean packsA, boolean packsB) {
    static Panels of(Product product, Tuning tuning) {
      boolean packsA = !product.isSmall(tuning);
      RegisterTile tile = packsA ? tuning.packed() : tuning.direct().forColumns(product.shape.n());
      boolean packsB = packsA || product.bColumn != 1 || product.shape.n() < tile.columns();
      return new Panels(tile, packsA, packsB);
    }

    String[] options() {
      return tile.options(packsA, packsB);
    }

    /** Elements of the panels of a matrix of A. */
    long aMatrix(ProductShape shape) {
      return tile.down(shape.m()) * tile.rows() * shape.k();
    }

    /** Elements of the panels of a matrix of B. */
    long bMatrix(ProductShape shape) {
      return tile.across(shape.n()) * tile.columns() * shape.k();
    }

    Operand ofA(Product product, Launcher launcher) {
      return launcher.shared(
          Launcher.Shared.PANELS_OF_A, product.shape.batch() * aMatrix(product.shape));
    }

    Operand ofB(Product product, Launcher launcher) {
      return launcher.shared(
          Launcher.Shared.PANELS_OF_B, product.shape.batch() * bMatrix(product.shape));
    }
  }

  private static Step onGroups(Product product, Launcher launcher) {
    ProductShape shape = product.shape;
    GroupTile tile = launcher.tuning().group();
    Launcher.Arguments arguments =
        launcher
            .kernel(
                "gemm_gpu.cl",
                "multiply",
                Epilogues.withFunction(product.op.epilogue(), tile.options()))
            .number(shape.m())
            .number(shape.n())
            .number(shape.k())
            .tensor(product.a, product.aFrom)
            .number(product.aMatrix())
            .number(product.aRow)
            .number(product.aDepth)
            .tensor(product.b)
            .number(product.bMatrix())
            .number(product.bColumn)
            .number(product.bDepth);
    int side = tile.side();
    long across = Math.ceilDiv(shape.n(), (long) tile.tile());
    long down = Math.ceilDiv(shape.m(), (long) tile.tile());
    return product
        .finish(arguments)
        .overGroups(
            new long[] {across * side, down * side, shape.batch()}, new long[] {side, side, 1});
  }

  /**
   * A product with its operands.
   *
   * @param shape with a depth of 0 if A and B are not read
   * @param aFrom the element of A that is its first one
   * @param aRow elements from one row of op(A) to the next
   * @param aDepth elements from one column of op(A) to the next
   * @param bColumn elements from one column of op(B) to the next
   * @param bDepth elements from one row of op(B) to the next
   */
  record Product(
      ProductOp.Gemm op,
      ProductShape shape,
      Operand a,
      Variable aFrom,
      long aRow,
      long aDepth,
      Operand b,
      long bColumn,
      long bDepth,
      Operand c,
      boolean adds,
      Operand bias,
      Operand residual) {
    static Product of(ProductOp.Gemm op, Operands in, Operands out) {
      ProductShape shape = ProductShape.of(op, in.shape(0), in.shape(1));
      Epilogue epilogue = op.epilogue();
      boolean plainA = op.transA() == Transpose.NO;
      boolean plainB = op.transB() == Transpose.NO;
      return new Product(
          op,
          op.alpha() == 0f ? shape.withoutDepth() : shape,
          in.get(0),
          new Variable(),
          plainA ? shape.k() : 1,
          plainA ? 1 : shape.m(),
          in.get(1),
          plainB ? 1 : shape.k(),
          plainB ? shape.n() : 1,
          out.get(0),
          out.adds(0),
          epilogue.hasBias() ? in.get(2) : null,
          epilogue.residual() ? in.get(in.count() - 1) : null);
    }

    /** Elements of a matrix of A. */
    long aMatrix() {
      return shape.m() * shape.k();
    }

    /** Elements of a matrix of B. */
    long bMatrix() {
      return shape.k() * shape.n();
    }

    /** Whether packing A costs more than it saves, and A has the rows of a tile. */
    boolean isSmall(Tuning tuning) {
      return shape.m() >= tuning.direct().rows()
          && shape.m() * shape.n() <= tuning.maxDirect() / Math.max(shape.k(), 1);
    }

    /** The arguments that all kernels end with. */
    Launcher.Arguments finish(Launcher.Arguments arguments) {
      Epilogue epilogue = op.epilogue();
      return arguments
          .tensor(c)
          .tensor(bias == null ? c : bias)
          .tensor(residual == null ? c : residual)
          .real(shape.k() == 0 ? 0f : op.alpha())
          .flag(adds)
          .flag(epilogue.hasBias())
          .flag(epilogue.residual())
          .flag(epilogue.hasRelu());
    }
  }
}
