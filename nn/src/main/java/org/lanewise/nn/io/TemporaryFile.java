package org.lanewise.nn.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Temporary files whose names say which process writes them, so that others can tell when it is
 * gone: {@code .lanewise-<machine>-<process id>-<random>.tmp}. They are short, whatever the name of
 * the file that is written in the end.
 */
final class TemporaryFile {
  private static final Pattern NAME = Pattern.compile("\\.lanewise-(\\w+)-(\\d{1,18})-\\w+\\.tmp");

  /** A process that writes does so more often than this. */
  private static final Duration WRITES_EVERY = Duration.ofDays(1);

  private static final String MACHINE = machine();

  private TemporaryFile() {}

  /**
   * Creates an empty file that this process can write to, and that nobody can read who lacks the
   * permission.
   *
   * @param permissions those that the file will get in the end; if empty, those of a new file
   */
  static Path create(Path folder, Optional<Set<PosixFilePermission>> permissions)
      throws IOException {
    String random = UUID.randomUUID().toString().replace("-", "");
    Path file =
        folder.resolve(
            ".lanewise-%s-%d-%s.tmp".formatted(MACHINE, ProcessHandle.current().pid(), random));
    try {
      return Files.createFile(file, attributes(permissions));
    } catch (AccessDeniedException _) {
      throw new AccessDeniedException(folder.toString());
    } catch (FileSystemException failure) { // which names a file that nobody has heard of
      throw new FileSystemException(folder.toString(), null, failure.getReason());
    }
  }

  private static FileAttribute<?>[] attributes(Optional<Set<PosixFilePermission>> permissions) {
    if (permissions.isEmpty()) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> writable = EnumSet.of(PosixFilePermission.OWNER_WRITE);
    writable.addAll(permissions.get());
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(writable)};
  }

  /**
   * Deletes what processes that ended while they wrote left in a folder. What cannot be deleted
   * stays for the next time.
   *
   * @param newest a file just created, which shows the time and the user by the folder's reckoning
   */
  static void deleteAbandoned(Path folder, Path newest) throws IOException {
    FileTime now = Files.getLastModifiedTime(newest);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".lanewise-*.tmp")) {
      for (Path file : files) {
        deleteIfAbandoned(file, newest, now);
      }
    } catch (IOException | DirectoryIteratorException _) {
      // The folder may be written to and not be read.
    }
  }

  private static void deleteIfAbandoned(Path file, Path newest, FileTime now) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    try {
      if (name.matches()
          && Files.getOwner(file).equals(Files.getOwner(newest))
          && (hasEnded(name.group(1), name.group(2)) || isOld(file, now))) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // It is gone meanwhile.
    }
  }

  /** Other users' processes may be invisible, so this holds for the own user's files only. */
  private static boolean hasEnded(String machine, String process) {
    return machine.equals(MACHINE) && ProcessHandle.of(Long.parseLong(process)).isEmpty();
  }

  private static boolean isOld(Path file, FileTime now) throws IOException {
    return Files.getLastModifiedTime(file)
        .toInstant()
        .isBefore(now.toInstant().minus(WRITES_EVERY));
  }

  /**
   * Names the processes that an id can mean: several machines, and several containers on one, may
   * write to a folder. Where that cannot be known, it is a name that no other process has.
   */
  private static String machine() {
    try {
      String started = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
      Path processes = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      return UUID.nameUUIDFromBytes((started + processes).getBytes()).toString().replace("-", "");
    } catch (IOException | UnsupportedOperationException _) {
      return UUID.randomUUID().toString().replace("-", "");
    }
  }
}
