/** SIMD kernels on the Vector API, their scalar twins, the op vocabulary and the CPU backend. */
module org.lanewise.kernels {
  requires jdk.incubator.vector;

  exports org.lanewise.kernels;
  exports org.lanewise.kernels.arrays;
  exports org.lanewise.kernels.backend;
  exports org.lanewise.kernels.op;
  exports org.lanewise.kernels.parallel;

  uses org.lanewise.kernels.backend.BackendProvider;

  provides org.lanewise.kernels.backend.BackendProvider with
      org.lanewise.kernels.backend.cpu.CpuBackendProvider,
      org.lanewise.kernels.backend.scalar.ScalarBackendProvider;
}
