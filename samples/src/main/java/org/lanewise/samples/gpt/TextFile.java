package org.lanewise.samples.gpt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/** Reads texts. */
final class TextFile {
  /** Thirty times the text that comes with Lanewise. */
  private static final int MOST_BYTES = 1 << 27;

  private static final int GZIP_MAGIC = 0x1f8b;

  private TextFile() {}

  /**
   * The text of a file in UTF-8, which may be compressed by gzip.
   *
   * @throws UserException if it is not there
   * @throws MalformedFileException if it is damaged, too large or no such text
   * @throws IOException if it cannot be read
   */
  static String read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UserException(file + ": no such file; a text was expected there");
    }
    RegularFile.size(file);
    byte[] bytes;
    try (InputStream in = open(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (EOFException _) {
      throw new MalformedFileException(file, "the file is truncated");
    } catch (ZipException damaged) {
      throw new MalformedFileException(file, "damaged gzip data: " + damaged.getMessage());
    }
    if (bytes.length > MOST_BYTES) {
      throw new MalformedFileException(file, "more than %,d bytes of text".formatted(MOST_BYTES));
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedFileException(file, "no text in UTF-8");
    }
  }

  private static InputStream open(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(2);
    int magic = in.read() << Byte.SIZE | in.read();
    in.reset();
    try {
      return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    } catch (IOException damaged) {
      in.close();
      throw damaged;
    }
  }
}
