package org.lanewise.samples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import org.lanewise.ffi.opencl.NoOpenClException;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.ffi.opencl.backend.Settings;
import org.lanewise.ffi.opencl.backend.Tuner;
import org.lanewise.kernels.backend.BackendUnavailableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tune}: finds out how an OpenCL device is fastest. */
@Command(
    name = "tune",
    description = "Finds the sizes with which an OpenCL device is fastest, and keeps them for it.")
final class Tune implements Callable<Integer> {
  private static final String BACKEND = "opencl";

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = BACKEND,
      description =
          "opencl, opencl:NUMBER or opencl:PART-OF-A-NAME (default: ${DEFAULT-VALUE});"
              + " './lanewise devices' lists what is there.")
  private String device;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    if (!device.equals(BACKEND) && !device.startsWith(BACKEND + ":")) {
      throw new UserException(
          "--device must be an OpenCL device but is '%s': only those can be tuned"
              .formatted(device));
    }
    try {
      String name = device.equals(BACKEND) ? "" : device.substring(BACKEND.length() + 1);
      int threads = Runtime.getRuntime().availableProcessors();
      Path file =
          new Tuner(OpenCl.device(name), Settings.fromProperties(threads), out::println).tune();
      out.println("kept in " + file);
      return ExitCode.OK;
    } catch (NoOpenClException missing) {
      throw new BackendUnavailableException(missing.getMessage());
    }
  }
}
