package org.lanewise.samples.picture;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Compares what the header of a BMP file claims with the size of the file. */
final class BmpHeader {
  private static final int BYTES = 54;
  private static final int CORE_HEADER = 12;
  private static final int RGB = 0;
  private static final int BIT_FIELDS = 3;
  private static final int MAX_COLORS = 256;

  private BmpHeader() {}

  /**
   * What is wrong with a header, if anything: the decoder takes the memory that it claims.
   *
   * @param size bytes of the file
   */
  static Optional<String> fault(DataInputStream in, long size) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(in.readNBytes(BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    if (header.limit() < BYTES) {
      return Optional.of("the header is cut");
    }
    long offset = unsigned(header, 10);
    boolean core = header.getInt(14) == CORE_HEADER;
    long width = core ? header.getShort(18) & 0xffff : header.getInt(18);
    long height = core ? header.getShort(20) & 0xffff : Math.abs((long) header.getInt(22));
    int bits = header.getShort(core ? 24 : 28) & 0xffff;
    int compression = core ? RGB : header.getInt(30);
    long imageSize = core ? 0 : unsigned(header, 34);
    long colors = core ? 0 : unsigned(header, 46);
    if (compression < RGB || compression > BIT_FIELDS) {
      return Optional.of("compression %d is not supported".formatted(compression));
    }
    if (width < 1 || height < 1 || colors > MAX_COLORS || offset > size || imageSize > size) {
      return Optional.of("the header makes no sense");
    }
    boolean raw = compression == RGB || compression == BIT_FIELDS;
    if (raw && Math.ceilDiv(width * bits, Integer.SIZE) * Integer.BYTES * height > size - offset) {
      return Optional.of("the file is too short for %d × %d pixels".formatted(width, height));
    }
    return Optional.empty();
  }

  private static long unsigned(ByteBuffer header, int offset) {
    return Integer.toUnsignedLong(header.getInt(offset));
  }
}
