package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.OpenClException;
import org.lanewise.ffi.opencl.backend.Tuning.GroupTile;
import org.lanewise.ffi.opencl.backend.Tuning.RegisterTile;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

/**
 * Finds the sizes with which a device is fastest: those of a small table first, then the neighbours
 * of the best, for at most 20 seconds each. A size whose result differs from the processor's in a
 * bit is not taken.
 */
public final class Tuner {
  private static final long SECONDS_EACH = 20;
  private static final int DIRECT_SIDE = 256;
  private static final int LARGE_SIDE = 1024;

  private final Device device;
  private final Settings settings;
  private final Consumer<String> progress;
  private final Map<Integer, float[]> expected = new HashMap<>();

  /**
   * A tuner.
   *
   * @param progress is given a line for each size that was tried
   */
  public Tuner(Device device, Settings settings, Consumer<String> progress) {
    this.device = device;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Measures, and stores the result for all who open the device with these settings.
   *
   * @return the file
   * @throws IOException if it cannot be written
   */
  public Path tune() throws IOException {
    Tuning best = settings.runsCpuKernels(device) ? forCpu() : forGroups();
    TuningFile file = new TuningFile(settings.cache(), device);
    file.write(best, "Sizes of matrix products on " + device);
    return file.path();
  }

  private Tuning forCpu() {
    Tuning always = Tuning.DEFAULT.withMaxDirect(Integer.MAX_VALUE);
    Tuning never = Tuning.DEFAULT.withMaxDirect(0);
    List<RegisterTile> tiles = new ArrayList<>();
    for (int vectors : new int[] {2, 3, 4}) {
      for (int rows : new int[] {4, 6, 8, 12}) {
        if (rows * vectors <= 24) { // of 32 vector registers
          tiles.add(new RegisterTile(rows, vectors));
        }
      }
    }
    RegisterTile direct =
        fastest("direct", DIRECT_SIDE, tiles, Tuner::neighbours, always::withDirect);
    RegisterTile packed =
        fastest("packed", LARGE_SIDE, tiles, Tuner::neighbours, never::withPacked);
    long most = 0;
    for (int side : new int[] {128, 256, 384, 512, 768, 1024}) {
      double unpacked = speed(side, always.withDirect(direct));
      double inPanels = speed(side, never.withPacked(packed));
      progress.accept("%d³: direct %.1f, packed %.1f GFLOP/s".formatted(side, unpacked, inPanels));
      if (unpacked >= inPanels) {
        most = (long) side * side * side;
      }
    }
    return Tuning.DEFAULT.withDirect(direct).withPacked(packed).withMaxDirect(most);
  }

  private Tuning forGroups() {
    List<GroupTile> tiles = new ArrayList<>();
    for (int side : new int[] {8, 16}) {
      for (int quads : new int[] {1, 2, 3}) {
        for (int step : new int[] {8, 16, 32}) {
          GroupTile candidate = new GroupTile(side, quads, step);
          if (candidate.fits(device)) {
            tiles.add(candidate);
          }
        }
      }
    }
    return Tuning.DEFAULT.withGroup(
        fastest("group", LARGE_SIDE, tiles, this::neighbours, Tuning.DEFAULT::withGroup));
  }

  private static List<RegisterTile> neighbours(RegisterTile tile) {
    List<RegisterTile> near = new ArrayList<>();
    for (int step : new int[] {-1, 1}) {
      near.add(new RegisterTile(tile.rows() + step, tile.vectors()));
      near.add(new RegisterTile(tile.rows(), tile.vectors() + step));
    }
    near.removeIf(other -> !other.fits());
    return near;
  }

  private List<GroupTile> neighbours(GroupTile tile) {
    List<GroupTile> near =
        new ArrayList<>(
            List.of(
                new GroupTile(tile.side(), tile.quads() + 1, tile.step()),
                new GroupTile(tile.side(), tile.quads() - 1, tile.step()),
                new GroupTile(tile.side(), tile.quads(), 2 * tile.step()),
                new GroupTile(tile.side(), tile.quads(), Math.max(1, tile.step() / 2))));
    near.removeIf(other -> !other.fits(device));
    return near;
  }

  /** The fastest of a table, and then of its neighbours until none is faster or time is up. */
  private <T> T fastest(
      String name,
      int side,
      List<T> table,
      Function<T, List<T>> neighbours,
      Function<T, Tuning> tuning) {
    long end = System.nanoTime() + SECONDS_EACH * 1_000_000_000L;
    Map<T, Double> speeds = new HashMap<>();
    List<T> next = table;
    T best = table.getFirst();
    boolean isFaster = true;
    while (isFaster) {
      isFaster = false;
      for (T candidate : next) {
        if (speeds.containsKey(candidate) || System.nanoTime() > end) {
          continue;
        }
        double speed = speed(side, tuning.apply(candidate));
        speeds.put(candidate, speed);
        progress.accept("%s %s: %.1f GFLOP/s".formatted(name, candidate, speed));
        if (speed > speeds.getOrDefault(best, 0.0)) {
          best = candidate;
          isFaster = true;
        }
      }
      next = neighbours.apply(best);
    }
    return best;
  }

  /** GFLOP/s of a square product; 0 if it fails or is wrong. */
  private double speed(int side, Tuning tuning) {
    try (OpenClBackend backend = new OpenClBackend(device, settings, tuning)) {
      SquareProduct product = new SquareProduct(backend, side);
      if (!Arrays.equals(product.run(), expected.computeIfAbsent(side, Tuner::onProcessor))) {
        return 0;
      }
      return product.gigaflops();
    } catch (OpenClException tooLarge) {
      return 0;
    }
  }

  private static float[] onProcessor(int side) {
    try (Backend cpu = Backends.open("cpu", Runtime.getRuntime().availableProcessors())) {
      return new SquareProduct(cpu, side).run();
    }
  }

  /** A product of square matrices of random numbers. */
  private static final class SquareProduct {
    private static final long NANOS = 200_000_000;

    private final int side;
    private final Operand c;
    private final Step step;

    SquareProduct(Backend backend, int side) {
      this.side = side;
      TensorType type = TensorType.f32(side, side);
      SplittableRandom random = new SplittableRandom(side);
      Operand a = random(backend, type, random);
      Operand b = random(backend, type, random);
      c = new Operand(backend.allocate(type.byteSize()), 0, type);
      step =
          backend.bind(
              new ProductOp.Gemm(Transpose.NO, Transpose.NO, 1f, Epilogue.NONE),
              List.of(a, b),
              List.of(c));
    }

    private static Operand random(Backend backend, TensorType type, SplittableRandom random) {
      Operand operand = new Operand(backend.allocate(type.byteSize()), 0, type);
      float[] values = new float[(int) type.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      operand.buffer().write(0, MemorySegment.ofArray(values), 0, type.byteSize());
      return operand;
    }

    float[] run() {
      step.run();
      float[] result = new float[side * side];
      c.buffer().read(0, MemorySegment.ofArray(result), 0, 4L * result.length);
      return result;
    }

    /** Of the fastest run. */
    double gigaflops() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment one = arena.allocate(4);
        long best = Long.MAX_VALUE;
        long end = System.nanoTime() + NANOS;
        while (best == Long.MAX_VALUE || System.nanoTime() < end) {
          long start = System.nanoTime();
          step.run();
          c.buffer().read(0, one, 0, 4);
          best = Math.min(best, System.nanoTime() - start);
        }
        return 2.0 * side * side * side / best;
      }
    }
  }
}
