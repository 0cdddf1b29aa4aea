package org.lanewise.samples.training;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lanewise.cli.UserException;

/**
 * The folder that a training writes to and has to itself until this is closed. The lock is the
 * system's on a file in it, which ends with the process, however that ends; the file stays, since
 * another process may be about to lock it, and says which process has or had it.
 */
final class OutputFolder implements Closeable {
  private static final String LOCK = ".lock";

  private final FileChannel channel;

  private OutputFolder(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder unless it is there, and makes sure that files can be written to it, so that it
   * does not show at the end of a training.
   *
   * @param files what will be written
   * @throws UserException if another process has the folder, or a file is a folder
   * @throws IOException if it cannot be made or written to
   */
  static OutputFolder open(Path folder, Path... files) throws IOException {
    Files.createDirectories(folder);
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        throw new UserException(file + ": is a directory");
      }
    }
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new UserException(
            "%s: process %s is training there; wait for it, or choose another --out"
                .formatted(folder, owner(channel)));
      }
      String self = Long.toString(ProcessHandle.current().pid());
      channel.truncate(0).write(ByteBuffer.wrap(self.getBytes(US_ASCII)));
      return new OutputFolder(channel);
    } catch (Throwable failure) {
      channel.close();
      throw failure;
    }
  }

  /** The number in the file, which may be anything. */
  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(Long.toString(Long.MAX_VALUE).length());
    channel.read(text, 0);
    String number = new String(text.array(), 0, text.position(), US_ASCII);
    return number.matches("\\d+") ? number : "(unknown)";
  }

  /** Leaves the folder to others. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
