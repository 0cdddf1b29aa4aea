package org.lanewise.bench.gemm;

/**
 * Intel's MKL as Maven Central has it. It is large, so it is on the class path only if asked for.
 */
final class Mkl {
  private static final String FOLDER = "org/bytedeco/mkl/linux-x86_64/";

  /** What libmkl_rt loads by itself, from its own folder, when it knows the processor. */
  private static final String[] LOADED_LATER = {
    "libiomp5.so",
    "libmkl_core.so.2",
    "libmkl_intel_lp64.so.2",
    "libmkl_intel_thread.so.2",
    "libmkl_def.so.2",
    "libmkl_mc3.so.2",
    "libmkl_avx2.so.2",
    "libmkl_avx512.so.2"
  };

  private Mkl() {}

  /** Unpacks and loads it. */
  static CblasPeer load() {
    for (String library : LOADED_LATER) {
      ClassPathLibraries.unpack(FOLDER, library);
    }
    return CblasPeer.load("mkl", ClassPathLibraries.load(FOLDER, "libmkl_rt.so.2").toString());
  }
}
