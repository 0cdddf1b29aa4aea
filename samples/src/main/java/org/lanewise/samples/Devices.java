package org.lanewise.samples;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Speed;
import org.lanewise.nn.io.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code devices}: what {@code --device} may be here, and how fast each is. */
@Command(name = "devices", description = "Lists the devices that are there, and how fast they are.")
final class Devices implements Callable<Integer> {
  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    for (String backend : Backends.names()) {
      try {
        List<String> devices = Backends.devices(backend);
        devices.forEach(device -> describe(device, out));
      } catch (BackendUnavailableException missing) {
        out.printf("%-9s %s%n", backend, missing.getMessage());
      }
    }
    return ExitCode.OK;
  }

  private static void describe(String device, PrintWriter out) {
    try (Backend backend = Backends.open(device, Runtime.getRuntime().availableProcessors())) {
      out.println(Printable.line("%-9s %s".formatted(device, backend.description())));
      out.flush();
      out.printf("%-9s %s%n", "", Speed.measure(backend));
    }
  }
}
