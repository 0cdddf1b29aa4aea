package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ProductShape;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.op.Transpose;

/**
 * Recurrent layers on a device: at each time the product of all rows' states and the weight, which
 * is packed but once, and a kernel for the gates.
 */
final class RecurrentSteps {
  private static final String FILE = "recurrent.cl";
  private static final String FAULT = "length %d of row %d must be at least 0 and less than %d";

  private final RecurrentOp op;
  private final RecurrentShape shape;
  private final long columns;
  private final Operands in;
  private final Operands out;
  private final Launcher launcher;

  /** The time that a launch is for. */
  private final Variable t = new Variable();

  /** The time before, which in the backward direction is a later one. */
  private final Variable later = new Variable();

  private RecurrentSteps(RecurrentOp op, Operands in, Operands out, Launcher launcher) {
    this.op = op;
    this.shape = op.shape(in.operands().stream().map(Operand::type).toList());
    this.columns = (long) op.gates() * shape.hidden();
    this.in = in;
    this.out = out;
    this.launcher = launcher;
  }

  static Step bind(RecurrentOp op, Operands in, Operands out, Launcher launcher) {
    RecurrentSteps steps = new RecurrentSteps(op, in, out, launcher);
    return switch (op) {
      case RecurrentOp.Lstm _ -> steps.lstm();
      case RecurrentOp.LstmBackward _ -> steps.lstmBackward();
      case RecurrentOp.Gru _ -> steps.gru();
      case RecurrentOp.GruBackward _ -> steps.gruBackward();
    };
  }

  private Step lstm() {
    Operand products = launcher.shared(Launcher.Shared.STATE_PRODUCTS, shape.batch() * columns);
    Launcher.Arguments arguments =
        lengths(launcher.kernel(FILE, "lstm").tensor(in.get(0)).tensor(products));
    out.operands().forEach(arguments::tensor);
    Step gates = overRows(sizes(arguments).number(t));
    return forward(products, gates, start("h0", out.get(1)), start("c0", out.get(2)));
  }

  private Step gru() {
    Operand products = launcher.shared(Launcher.Shared.STATE_PRODUCTS, shape.batch() * columns);
    Launcher.Arguments arguments =
        lengths(launcher.kernel(FILE, "gru").tensor(in.get(0)).tensor(products));
    out.operands().forEach(arguments::tensor);
    Step gates = overRows(sizes(arguments).number(t));
    return forward(products, gates, start("h0", out.get(1)));
  }

  /** At each time the product of the states, {@code h·weightᵀ + bias}, and then the gates. */
  private Step forward(Operand products, Step gates, Step... starts) {
    ProductSteps.Product product =
        new ProductSteps.Product(
            new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, Epilogue.BIAS),
            new ProductShape(1, shape.batch(), columns, shape.hidden()),
            out.get(1),
            new Variable(),
            shape.hidden(),
            1,
            in.get(1),
            shape.hidden(),
            1,
            products,
            false,
            in.get(2),
            null);
    return launcher.sequence(
        checkLengths(),
        launcher.sequence(starts),
        ProductSteps.prepareB(product, launcher),
        new Loop(
            shape.time(),
            step -> t.set(shape.timeOf(step)),
            launcher.sequence(ProductSteps.multiply(product, launcher), gates)));
  }

  private Step lstmBackward() {
    Operand products =
        launcher.shared(Launcher.Shared.STATE_PRODUCTS, (long) shape.batch() * shape.hidden());
    Launcher.Arguments arguments =
        launcher
            .kernel(FILE, "lstm_backward")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(input("h0"))
            .tensor(input("c0"))
            .flag(has("h0"));
    arguments = lengths(arguments).tensor(input("dy")).flag(has("dy")).tensor(products);
    out.operands().forEach(arguments::tensor);
    return backward(
        out.get(0), products, arguments, start("dhN", out.get(1)), start("dcN", out.get(2)));
  }

  private Step gruBackward() {
    Operand products =
        launcher.shared(Launcher.Shared.STATE_PRODUCTS, (long) shape.batch() * shape.hidden());
    Launcher.Arguments arguments =
        launcher
            .kernel(FILE, "gru_backward")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(input("h0"))
            .flag(has("h0"));
    arguments = lengths(arguments).tensor(input("dy")).flag(has("dy")).tensor(products);
    out.operands().forEach(arguments::tensor);
    return backward(out.get(1), products, arguments, start("dhN", out.get(2)));
  }

  /** At each time the gradients of the gates, and then their product, {@code gradients·weight}. */
  private Step backward(
      Operand gradients, Operand products, Launcher.Arguments arguments, Step... starts) {
    Variable from = new Variable();
    ProductSteps.Product product =
        new ProductSteps.Product(
            new ProductOp.Gemm(Transpose.NO, Transpose.NO, 1f, Epilogue.NONE),
            new ProductShape(1, shape.batch(), shape.hidden(), columns),
            gradients,
            from,
            shape.time() * columns,
            1,
            in.get(3),
            1,
            shape.hidden(),
            products,
            false,
            null,
            null);
    Step gates = overRows(sizes(arguments).flag(shape.reverse()).number(later).number(t));
    DeviceStep step = launcher.sequence(gates, ProductSteps.multiply(product, launcher));
    return launcher.sequence(
        checkLengths(),
        launcher.sequence(starts),
        ProductSteps.prepareB(product, launcher),
        new Loop(
            shape.time(),
            i -> {
              setTimes(shape.time() - 1 - i);
              from.set(shape.timeOf(shape.time() - 1 - i) * columns);
            },
            step),
        new Loop(1, _ -> setTimes(-1), launcher.sequence(gates)));
  }

  /** Goes on with a step, or if it is −1 ends with the first one. */
  private void setTimes(int step) {
    t.set(step < 0 ? -1 : shape.timeOf(step));
    later.set(step + 1 == shape.time() ? -1 : shape.timeOf(step + 1));
  }

  /** An optional input, or if there is none another one, which is not looked at. */
  private Operand input(String name) {
    return has(name) ? in.get(op.inputs().indexOf(name)) : in.get(0);
  }

  private boolean has(String name) {
    return op.inputs().contains(name);
  }

  private Step start(String initial, Operand state) {
    long count = (long) shape.batch() * shape.hidden();
    return launcher
        .kernel(FILE, "start")
        .tensor(input(initial))
        .flag(has(initial))
        .tensor(state)
        .number(count)
        .overVectors(count);
  }

  private Step checkLengths() {
    if (!has("lengths")) {
      return launcher.sequence();
    }
    return launcher
        .kernel(FILE, "check_lengths")
        .tensor(input("lengths"))
        .number(shape.batch())
        .integer((int) Math.min(shape.time() + 1L, Integer.MAX_VALUE))
        .fault(FAULT)
        .over(shape.batch());
  }

  private Launcher.Arguments lengths(Launcher.Arguments arguments) {
    return arguments.tensor(input("lengths")).flag(has("lengths"));
  }

  private Launcher.Arguments sizes(Launcher.Arguments arguments) {
    return arguments.number(shape.batch()).number(shape.time()).number(shape.hidden());
  }

  private Step overRows(Launcher.Arguments arguments) {
    return arguments.overVectors(shape.hidden(), shape.batch(), 1);
  }
}
