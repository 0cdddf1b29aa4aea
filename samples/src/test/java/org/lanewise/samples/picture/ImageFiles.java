package org.lanewise.samples.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes picture files, right and wrong ones. */
public final class ImageFiles {
  private ImageFiles() {}

  /** White paper with black ink in the left upper part, of colors or of gray. */
  public static BufferedImage image(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.BLACK);
    graphics.fillRect(width / 8, height / 8, width / 4, height / 2);
    graphics.dispose();
    return image;
  }

  /** The content of a file. */
  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("no writer of " + format);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** The content of a file that is decoded in several scans. */
  public static byte[] progressiveJpeg(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A JPEG file of a camera that lay on its side. */
  public static byte[] withExif(byte[] jpeg) {
    return insert(jpeg, exifSegment(6, ByteOrder.LITTLE_ENDIAN));
  }

  /** A JPEG file that has more bytes after its first two. */
  static byte[] insert(byte[] jpeg, ByteBuffer segment) {
    return ByteBuffer.allocate(jpeg.length + segment.remaining())
        .put(jpeg, 0, 2)
        .put(segment)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** Exif data, as a segment of a JPEG file. */
  static ByteBuffer exifSegment(int orientation, ByteOrder order) {
    byte[] tiff = tiff(orientation, order);
    return ByteBuffer.allocate(10 + tiff.length)
        .putShort((short) 0xffe1)
        .putShort((short) (8 + tiff.length))
        .put(new byte[] {'E', 'x', 'i', 'f', 0, 0})
        .put(tiff)
        .flip();
  }

  /** A PNG file that has Exif data after its header. */
  static byte[] withExifChunk(byte[] png, int orientation) {
    byte[] tiff = tiff(orientation, ByteOrder.BIG_ENDIAN);
    ByteBuffer chunk =
        ByteBuffer.allocate(12 + tiff.length)
            .putInt(tiff.length)
            .put(new byte[] {'e', 'X', 'I', 'f'})
            .put(tiff);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + tiff.length);
    chunk.putInt((int) crc.getValue());
    int header = 8 + 25;
    return ByteBuffer.allocate(png.length + chunk.capacity())
        .put(png, 0, header)
        .put(chunk.array())
        .put(png, header, png.length - header)
        .array();
  }

  private static byte[] tiff(int orientation, ByteOrder order) {
    return ByteBuffer.allocate(38)
        .order(order)
        .putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4d4d : 0x4949))
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 2)
        .put(entry(271, 4711, order)) // another tag before it
        .put(entry(274, orientation, order))
        .array();
  }

  private static byte[] entry(int tag, int value, ByteOrder order) {
    return ByteBuffer.allocate(12)
        .order(order)
        .putShort((short) tag)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) value)
        .array();
  }

  /** A progressive JPEG of gray pixels, each scan of it a few bytes. */
  static byte[] manyScans(int side, int scans) {
    byte[] small = progressiveJpeg(image(16, 16, BufferedImage.TYPE_BYTE_GRAY));
    int frame = find(small, 0xc2);
    ByteBuffer.wrap(small).putShort(frame + 5, (short) side).putShort(frame + 7, (short) side);
    int firstScan = find(small, 0xda);
    ByteBuffer file = ByteBuffer.allocate(firstScan + 14 * scans + 2).put(small, 0, firstScan);
    byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    for (int i = 0; i < scans; i++) {
      file.put(scan);
    }
    return file.put((byte) 0xff).put((byte) 0xd9).array();
  }

  private static int find(byte[] jpeg, int marker) {
    int at = 0;
    while ((jpeg[at] & 0xff) != 0xff || (jpeg[at + 1] & 0xff) != marker) {
      at++;
    }
    return at;
  }

  /** A BMP file of 154 bytes with a compression and a claim of how many are compressed. */
  static byte[] bmp(int width, int height, int bits, int compression, int imageSize) {
    return Arrays.copyOf(
        ByteBuffer.allocate(54)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {'B', 'M'})
            .putInt(154)
            .putInt(0)
            .putInt(54)
            .putInt(40)
            .putInt(width)
            .putInt(height)
            .putShort((short) 1)
            .putShort((short) bits)
            .putInt(compression)
            .putInt(imageSize)
            .array(),
        154);
  }
}
