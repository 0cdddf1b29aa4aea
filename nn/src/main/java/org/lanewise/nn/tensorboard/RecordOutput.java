package org.lanewise.nn.tensorboard;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Writes records in TensorFlow's format: the length as 64 bits, its checksum, the content, and that
 * one's checksum, all little-endian. A checksum is CRC-32C, rotated and added to a constant, since
 * a CRC of data that has CRCs in it is weak.
 */
final class RecordOutput implements Closeable {
  private static final int MASK_ROTATION = 15;
  private static final int MASK_DELTA = 0xa282ead8;

  private final OutputStream out;

  RecordOutput(OutputStream out) {
    this.out = new BufferedOutputStream(out);
  }

  /** Writes a record, which is in the file after the next {@link #flush} at the latest. */
  void write(byte[] content) throws IOException {
    ByteBuffer head = littleEndian(Long.BYTES + Integer.BYTES).putLong(content.length);
    head.putInt(maskedChecksum(head.array(), Long.BYTES));
    out.write(head.array());
    out.write(content);
    out.write(littleEndian(Integer.BYTES).putInt(maskedChecksum(content, content.length)).array());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int maskedChecksum(byte[] bytes, int count) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, count);
    return Integer.rotateRight((int) checksum.getValue(), MASK_ROTATION) + MASK_DELTA;
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
