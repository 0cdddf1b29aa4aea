package org.lanewise.ffi.opencl.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.Kernel;
import org.lanewise.ffi.opencl.OpenClException;
import org.lanewise.ffi.opencl.Program;
import org.lanewise.ffi.opencl.ProgramBinary;

/** The programs of one device: compiled once, or loaded from what an earlier process compiled. */
final class Programs {
  private final Context context;
  private final ProgramCache cache;
  private final Map<String, String> sources = new HashMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final Map<String, Program> unsaved = new HashMap<>();

  Programs(Context context, ProgramCache cache) {
    this.context = context;
    this.cache = cache;
  }

  /**
   * A kernel, to be given its arguments.
   *
   * @param definitions more options of the compiler
   */
  Kernel kernel(String file, String name, String definitions) {
    String source = sources.computeIfAbsent(file, KernelSource::of);
    Device device = context.device();
    if (!device.hasDoubles() && source.contains("double")) {
      throw new UnsupportedKernelException("%s has no f64, which %s needs".formatted(device, file));
    }
    String options =
        "-cl-std=CL1.2"
            + (device.roundsDivisionAndRoot() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "")
            + definitions;
    return programs.computeIfAbsent(file + options, _ -> program(source, options)).kernel(name);
  }

  private Program program(String source, String options) {
    String key = ProgramCache.key(context.device(), source, options);
    Optional<ProgramBinary> binary = cache.read(key);
    Optional<Program> loaded = binary.flatMap(known -> Program.load(context, known, options));
    return loaded.orElseGet(() -> {
      Program compiled = Program.compile(context, source, options);
      unsaved.put(key, compiled);
      return compiled;
    });
  }

  /**
   * Keeps what was compiled here for the next process. To be called when the kernels have run: some
   * drivers compile them to the end only then.
   */
  void save() {
    unsaved.forEach((key, program) -> {
      try {
        cache.write(key, program.binary());
      } catch (OpenClException driverKeepsNone) {
        return;
      }
    });
    unsaved.clear();
  }
}
