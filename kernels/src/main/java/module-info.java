/** SIMD kernels on the Vector API, their scalar twins, the op vocabulary and the CPU backend. */
@SuppressWarnings("module") // org.lanewise.ffi is built later
module org.lanewise.kernels {
  requires jdk.incubator.vector;

  exports org.lanewise.kernels;
  exports org.lanewise.kernels.arrays;
  exports org.lanewise.kernels.backend;
  exports org.lanewise.kernels.op;
  exports org.lanewise.kernels.parallel;
  exports org.lanewise.kernels.host to
      org.lanewise.ffi; // whose sums have the order that is defined there
  exports org.lanewise.kernels.scalar to
      org.lanewise.ffi; // which has the coefficients from there

  uses org.lanewise.kernels.backend.BackendProvider;

  provides org.lanewise.kernels.backend.BackendProvider with
      org.lanewise.kernels.backend.cpu.CpuBackendProvider,
      org.lanewise.kernels.backend.scalar.ScalarBackendProvider;
}
