package org.lanewise.bench.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.cli.UserException;

/** The libraries to compare with. */
final class Peers {
  private static final Set<String> TAKEN = Set.of(LanewiseGemm.NAME, "openblas", "mkl");

  private Peers() {}

  /**
   * Loads them. MKL is the last, see {@link CblasPeer}.
   *
   * @param files the user's own, by name
   */
  static List<CblasPeer> load(boolean openBlas, Map<String, String> files, boolean mkl) {
    List<CblasPeer> peers = new ArrayList<>();
    if (openBlas && !OpenBlas.isAvailable()) {
      throw new UserException(
          "OpenBLAS comes for Linux on x86-64 only; --no-openblas goes without, and --peer takes"
              + " a library that you have");
    }
    if (openBlas) {
      peers.add(OpenBlas.load());
    }
    files.forEach((name, file) -> {
      if (TAKEN.contains(name)) {
        throw new UserException("--peer " + name + ": this name is taken");
      }
      peers.add(CblasPeer.load(name, file));
    });
    if (mkl) {
      peers.add(Mkl.load());
    }
    return peers;
  }

  /** What a peer is, and whether its threads are as asked for. */
  static String describe(CblasPeer peer) {
    return "%s: %s%s"
        .formatted(
            peer.name(),
            peer.version().orElse("does not tell its version"),
            peer.hasSettableThreads()
                ? ""
                : "; has no known function to set the number of threads, so it uses as many as it"
                    + " likes");
  }
}
