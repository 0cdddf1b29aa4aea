package org.lanewise.ffi.opencl.backend;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.lanewise.ffi.opencl.Device;

/**
 * The sizes of a device's matrix products. Results do not depend on them.
 *
 * @param direct the tile of processors for an A that is read where it is
 * @param packed the tile of processors for an A that is packed into panels
 * @param maxDirect multiply-adds up to which packing A costs more than it saves
 * @param group the tile of devices with local memory
 */
record Tuning(RegisterTile direct, RegisterTile packed, long maxDirect, GroupTile group) {
  /**
   * What is good where nobody measured. On PoCL with AVX-512, 8×32 is as fast as 12×32 and wastes
   * less of a batch of 128; 6×64 goes through a long panel of A.
   */
  static final Tuning DEFAULT =
      new Tuning(
          new RegisterTile(8, 2),
          new RegisterTile(6, 4),
          512L * 512 * 512,
          new GroupTile(16, 1, 16));

  /**
   * A tile of C in the registers of one work item.
   *
   * @param rows of the tile
   * @param vectors of 16 columns
   */
  record RegisterTile(int rows, int vectors) {
    /** Of 32 registers; the others hold A and B. */
    private static final int MAX_VECTORS = 28;

    int columns() {
      return vectors * Launcher.LANES;
    }

    @Override
    public String toString() {
      return rows + "×" + columns();
    }

    /** Whether it lies in registers; a compiler may take for ever for what does not. */
    boolean fits() {
      return rows >= 1 && vectors >= 1 && (long) rows * vectors <= MAX_VECTORS;
    }

    long down(long m) {
      return Math.ceilDiv(m, (long) rows);
    }

    long across(long n) {
      return Math.ceilDiv(n, (long) columns());
    }

    /** This tile, or for few columns one of a single vector. */
    RegisterTile forColumns(long n) {
      return n <= Launcher.LANES ? new RegisterTile(rows, 1) : this;
    }

    /** Options of the kernels. */
    String[] options(boolean packsA, boolean packsB) {
      return new String[] {
        "ROWS=" + rows,
        "VECTORS=" + vectors,
        packsA ? "PACKED_A" : "DIRECT_A",
        packsB ? "PACKED_B" : "DIRECT_B"
      };
    }
  }

  /**
   * A tile of C that a group of work items computes.
   *
   * @param side items of a group in each direction
   * @param quads of rows and of columns that each of them computes
   * @param step elements of the depth in local memory, a divisor of 512
   */
  record GroupTile(int side, int quads, int step) {
    private static final int MAX_QUADS = 4;

    /** Rows and columns of the tile. */
    int tile() {
      return 4 * side * quads;
    }

    /** Options of the kernel. */
    String[] options() {
      return new String[] {"SIDE=" + side, "QUADS=" + quads, "STEP=" + step};
    }

    /** Whether a device can run it. */
    boolean fits(Device device) {
      return side >= 1
          && (long) side * side <= device.maxGroupSize()
          && quads >= 1
          && quads <= MAX_QUADS
          && step >= 1
          && 512 % step == 0
          && localBytes() <= device.localMemory();
    }

    private long localBytes() {
      return 2L * step * (tile() + 4) * Float.BYTES;
    }
  }

  /** Whether all tiles can be compiled for a device; those that nobody measured are used anyway. */
  boolean fits(Device device) {
    return direct.fits()
        && packed.fits()
        && maxDirect >= 0
        && (group.equals(DEFAULT.group) || group.fits(device));
  }

  Tuning withDirect(RegisterTile tile) {
    return new Tuning(tile, packed, maxDirect, group);
  }

  Tuning withPacked(RegisterTile tile) {
    return new Tuning(direct, tile, maxDirect, group);
  }

  Tuning withMaxDirect(long multiplyAdds) {
    return new Tuning(direct, packed, multiplyAdds, group);
  }

  Tuning withGroup(GroupTile tile) {
    return new Tuning(direct, packed, maxDirect, tile);
  }

  private static final Map<String, ToLongFunction<Tuning>> NUMBERS =
      new TreeMap<>(
          Map.of(
              "direct.rows", tuning -> tuning.direct.rows,
              "direct.vectors", tuning -> tuning.direct.vectors,
              "packed.rows", tuning -> tuning.packed.rows,
              "packed.vectors", tuning -> tuning.packed.vectors,
              "direct.most", tuning -> tuning.maxDirect,
              "group.side", tuning -> tuning.group.side,
              "group.quads", tuning -> tuning.group.quads,
              "group.step", tuning -> tuning.group.step));

  /** All numbers by name. */
  Properties toProperties() {
    Properties properties = new Properties();
    NUMBERS.forEach(
        (name, number) -> properties.setProperty(name, Long.toString(number.applyAsLong(this))));
    return properties;
  }

  /** What {@link #toProperties} gave; nothing if it is not complete. */
  static Optional<Tuning> of(Properties properties) {
    try {
      return Optional.of(
          new Tuning(
              new RegisterTile(
                  number(properties, "direct.rows"), number(properties, "direct.vectors")),
              new RegisterTile(
                  number(properties, "packed.rows"), number(properties, "packed.vectors")),
              number(properties, "direct.most"),
              new GroupTile(
                  number(properties, "group.side"),
                  number(properties, "group.quads"),
                  number(properties, "group.step"))));
    } catch (NumberFormatException damaged) {
      return Optional.empty();
    }
  }

  private static int number(Properties properties, String name) {
    return Integer.parseInt(properties.getProperty(name, ""));
  }
}
