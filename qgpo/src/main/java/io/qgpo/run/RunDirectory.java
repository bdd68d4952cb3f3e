package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The folder of one training run, locked for this process as long as it is open.
 *
 * <p>It holds {@code config.json}, {@code metrics.jsonl}, the same as TensorBoard's events, {@code
 * timings.json}, {@code checkpoints/} and {@code support.bin}. A run exists once its configuration
 * is written.
 */
public final class RunDirectory implements AutoCloseable {
  private static final String LOCK_FILE = ".lock";

  /** Locked far behind the content, which stays readable where locks are mandatory. */
  private static final long LOCKED_BYTE = 1L << 40;

  /**
   * Lock files that this process holds. It must not open them a second time: closing the second
   * would end the lock of the first, as POSIX has it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path lockFile;
  private final FileChannel lockChannel;

  private RunDirectory(Path folder, Path lockFile, FileChannel lockChannel) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lockChannel = lockChannel;
  }

  /**
   * Starts a run: creates the folder where needed and writes its configuration.
   *
   * @throws RunException if the folder holds a run already or another process uses it
   * @throws TensorFileException if it cannot be written
   */
  public static RunDirectory create(Path folder, ObjectNode config) {
    return create(folder, config, _ -> {});
  }

  /**
   * The same, with what the run is to hold from the start.
   *
   * @param content writes it, given the folder of checkpoints, before the configuration is written:
   *     if it fails, there is no run
   */
  static RunDirectory create(Path folder, ObjectNode config, Consumer<Path> content) {
    try {
      Files.createDirectories(checkpointsIn(folder));
    } catch (IOException e) {
      throw TensorFileException.io(folder, "create the run folder", e);
    }
    RunDirectory run = lock(folder);
    try {
      if (Files.exists(run.config())) {
        throw new RunException(
            "The folder " + folder + " already holds a run: resume it, or choose another folder.");
      }
      run.tidy();
      content.accept(run.checkpoints());
      JsonFiles.write(run.config(), config);
      return run;
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /**
   * Opens the folder of a run to go on with it, and deletes what a killed process left half
   * written.
   *
   * @throws RunException if there is no run in it or another process uses it
   * @throws TensorFileException if it cannot be written
   */
  public static RunDirectory resume(Path folder) {
    if (!isRun(folder)) {
      throw new RunException(
          "The folder " + folder + " holds no run to resume: give the folder of one.");
    }
    RunDirectory run = lock(folder);
    try {
      Files.createDirectories(run.checkpoints());
      run.tidy();
      return run;
    } catch (IOException e) {
      run.close();
      throw TensorFileException.io(folder, "open", e);
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /** Where the configuration of a run in this folder is, or would be. */
  public static Path configIn(Path folder) {
    return folder.resolve("config.json");
  }

  /** Where its metrics are. */
  public static Path metricsIn(Path folder) {
    return folder.resolve("metrics.jsonl");
  }

  /** Where TensorBoard, which goes by a part of the name, finds the same numbers. */
  static Path eventsIn(Path folder) {
    return folder.resolve("events.out.tfevents.qgpo");
  }

  /** Where it says how long its stages took. */
  public static Path timingsIn(Path folder) {
    return folder.resolve("timings.json");
  }

  /** Where its checkpoints are. */
  public static Path checkpointsIn(Path folder) {
    return folder.resolve("checkpoints");
  }

  /** Whether a folder holds a run. */
  public static boolean isRun(Path folder) {
    return Files.isRegularFile(configIn(folder));
  }

  /** Whether a process works in this folder; asks for its lock, and gives it back at once. */
  public static boolean isInUse(Path folder) {
    try {
      Path file = folder.toRealPath().resolve(LOCK_FILE);
      if (!HELD.add(file)) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false)) {
        return lock == null;
      } finally {
        HELD.remove(file);
      }
    } catch (IOException e) {
      return false; // none was ever locked there, or not by us
    }
  }

  /** The folder itself. */
  public Path folder() {
    return folder;
  }

  /** Every setting of the run, written once. */
  public Path config() {
    return configIn(folder);
  }

  /** One JSON object a line, see {@link Metrics}. */
  public Path metrics() {
    return metricsIn(folder);
  }

  /** The folder of the {@link Checkpoints}. */
  public Path checkpoints() {
    return checkpointsIn(folder);
  }

  /** The support actions, a {@link io.qgpo.tensor.io.MappedFloats}. */
  public Path support() {
    return folder.resolve("support.bin");
  }

  /** Releases the lock. */
  @Override
  public void close() {
    close(lockChannel);
    HELD.remove(lockFile);
  }

  private void tidy() {
    AtomicFiles.deleteLeftovers(folder);
    AtomicFiles.deleteLeftovers(checkpoints());
  }

  private static RunDirectory lock(Path folder) {
    Path file = realLockFile(folder);
    if (!HELD.add(file)) {
      throw inUse(folder, "this process");
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
        throw inUse(folder, "process " + holder(channel));
      }
      channel.truncate(0);
      channel.write(
          StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
      locked = true;
      return new RunDirectory(folder, file, channel);
    } catch (IOException e) {
      throw TensorFileException.io(file, "lock", e);
    } finally {
      if (!locked) {
        close(channel);
        HELD.remove(file);
      }
    }
  }

  private static Path realLockFile(Path folder) {
    try {
      return folder.toRealPath().resolve(LOCK_FILE);
    } catch (IOException e) {
      throw TensorFileException.io(folder, "lock", e);
    }
  }

  private static RunException inUse(Path folder, String by) {
    return new RunException(
        "The run folder "
            + folder
            + " is in use by "
            + by
            + ": wait until it has ended, or choose another folder.");
  }

  /** The process number that the holder of the lock wrote. */
  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    return StandardCharsets.US_ASCII.decode(pid.flip()).toString();
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
