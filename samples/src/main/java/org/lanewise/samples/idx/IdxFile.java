package org.lanewise.samples.idx;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/**
 * Unsigned bytes of any number of dimensions in a file of the IDX format, the one that the MNIST
 * database comes in: two zero bytes, the element type, the number of dimensions, each dimension as
 * a big-endian 32-bit integer, the elements. The file may be compressed with gzip.
 *
 * <p>Memory is taken as elements arrive, never because the header claims them.
 */
public final class IdxFile {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int MAX_RANK = 4;

  /** Deflate shrinks data to no less than one 1032nd: a match of 258 bytes takes 2 bits. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  private static final int BUFFER_BYTES = 1 << 16;

  private final int[] dimensions;
  private final byte[] elements;

  private IdxFile(int[] dimensions, byte[] elements) {
    this.dimensions = dimensions;
    this.elements = elements;
  }

  /** Length of each dimension, outermost first. */
  public int[] dimensions() {
    return dimensions.clone();
  }

  /** The elements, row-major; not a copy. */
  public byte[] elements() {
    return elements;
  }

  /**
   * Reads a file.
   *
   * @param maxElements how many it may have; a small file that is compressed can unpack to very
   *     many
   * @throws MalformedFileException if it is no IDX file of unsigned bytes, has fewer or more
   *     elements than its header says, or more than it may have
   * @throws IOException if it cannot be read
   */
  public static IdxFile read(Path path, int maxElements) throws IOException {
    long size = RegularFile.size(path);
    boolean compressed = isCompressed(path);
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        InputStream in = compressed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw) {
      int[] dimensions = readHeader(path, new DataInputStream(in));
      long claimed = product(path, dimensions, maxElements);
      checkPossible(path, dimensions, claimed, compressed ? size * MAX_DEFLATE_RATIO : size);
      byte[] elements = in.readNBytes((int) claimed); // grows as the elements arrive
      if (elements.length < claimed) {
        throw fault(path, dimensions, "but only %,d elements follow".formatted(elements.length));
      }
      if (in.read() >= 0) {
        throw fault(path, dimensions, "but more elements follow");
      }
      return new IdxFile(dimensions, elements);
    } catch (EOFException _) {
      throw new MalformedFileException(path, "the file is truncated");
    } catch (ZipException damaged) {
      throw new MalformedFileException(path, "damaged gzip data: " + damaged.getMessage());
    }
  }

  private static boolean isCompressed(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return (in.read() << 8 | in.read()) == GZIP_MAGIC;
    }
  }

  private static int[] readHeader(Path path, DataInputStream in) throws IOException {
    int magic = in.readInt();
    int type = magic >> 8;
    int rank = magic & 0xff;
    if (type != UNSIGNED_BYTE || rank < 1 || rank > MAX_RANK) {
      throw new MalformedFileException(
          path,
          "not an IDX file of unsigned bytes: it starts with 0x%08x, 0x000008 and 1 to %d expected"
              .formatted(magic, MAX_RANK));
    }
    int[] dimensions = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      dimensions[axis] = in.readInt();
    }
    return dimensions;
  }

  private static long product(Path path, int[] dimensions, int maxElements)
      throws MalformedFileException {
    long product = 1;
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw fault(path, dimensions, "which is no shape");
      }
      product = Math.multiplyExact(product, dimension);
      if (product > maxElements) {
        throw fault(
            path, dimensions, "more than the supported %,d elements".formatted(maxElements));
      }
    }
    return product;
  }

  private static void checkPossible(Path path, int[] dimensions, long claimed, long most)
      throws MalformedFileException {
    if (claimed > most) {
      throw fault(path, dimensions, "more than the %,d bytes it can hold".formatted(most));
    }
  }

  private static MalformedFileException fault(Path path, int[] dimensions, String fault) {
    String shape =
        Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(" × "));
    return new MalformedFileException(path, "the header says " + shape + ", " + fault);
  }
}
