package org.lanewise.bench.gemm;

/** OpenBLAS as Maven Central has it. */
public final class OpenBlas {
  private OpenBlas() {}

  /** Whether there is one for this platform. */
  static boolean isAvailable() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Unpacks and loads it. */
  public static CblasPeer load() {
    return CblasPeer.load(
        "openblas",
        ClassPathLibraries.load(
                "org/bytedeco/openblas/linux-x86_64/",
                "libgcc_s.so.1",
                "libquadmath.so.0",
                "libgfortran.so.5",
                "libopenblas.so.0")
            .toString());
  }
}
