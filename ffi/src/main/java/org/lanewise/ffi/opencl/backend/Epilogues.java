package org.lanewise.ffi.opencl.backend;

import java.util.Arrays;
import java.util.Locale;
import org.lanewise.kernels.op.Epilogue;

/** What kernels with epilogue.cl are compiled for. */
final class Epilogues {
  private Epilogues() {}

  /** Options of a kernel with the epilogue's function, if that is another one than ReLU. */
  static String[] withFunction(Epilogue epilogue, String... options) {
    Epilogue.Function function = epilogue.function();
    return switch (function) {
      case TANH, SILU, GELU, GELU_TANH -> {
        String[] more = Arrays.copyOf(options, options.length + 1);
        more[options.length] = "FUNCTION=lw_" + function.name().toLowerCase(Locale.ROOT);
        yield more;
      }
      case NONE, RELU, CLAMP -> options;
    };
  }
}
