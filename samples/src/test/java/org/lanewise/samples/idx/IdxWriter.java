package org.lanewise.samples.idx;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes IDX files, right and wrong ones. */
public final class IdxWriter {
  public static final int BYTES = 0x0800;

  private IdxWriter() {}

  /**
   * The content of a file.
   *
   * @param type the first four bytes less the rank
   * @param elements their number need not be what the dimensions say
   */
  public static byte[] idx(int type, byte[] elements, int... dimensions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(type | dimensions.length);
      for (int dimension : dimensions) {
        out.writeInt(dimension);
      }
      out.write(elements);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** Writes one part ({@code train} or {@code t10k}) of a database. */
  public static void write(Path folder, String part, byte[] pixels, byte[] labels)
      throws IOException {
    Files.createDirectories(folder);
    byte[] images =
        idx(
            BYTES,
            pixels,
            pixels.length / LabelledPictures.PIXELS,
            LabelledPictures.SIDE,
            LabelledPictures.SIDE);
    Files.write(folder.resolve(part + "-images-idx3-ubyte.gz"), gzip(images));
    Files.write(
        folder.resolve(part + "-labels-idx1-ubyte.gz"), gzip(idx(BYTES, labels, labels.length)));
  }
}
