package io.qgpo.tensor.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * numpy's npz files: a zip of npy arrays, stored or deflated. Open one to read the arrays wanted,
 * one at a time; closing it closes the file.
 *
 * <p>Bounded: the sizes that the zip declares are added up before anything is decompressed, each
 * entry must be what its npy header says to the byte, and its CRC must be right.
 */
public final class Npz implements AutoCloseable {
  /** The largest offline dataset in use, 2 M transitions of 29 + 8 values, takes 0.6 GB. */
  static final long MAX_TOTAL_BYTES = 8L << 30;

  private static final int MAX_ENTRIES = 10_000;

  /** Deflate turns at most 258 bytes into 2 bits; a higher claim is false. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  private static final String SUFFIX = ".npy";

  /** A fixed time, the earliest that zip can say, so that equal arrays give equal files. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries;

  private Npz(Path file, ZipFile zip, Map<String, ZipEntry> entries) {
    this.file = file;
    this.zip = zip;
    this.entries = entries;
  }

  /**
   * Opens a file for reading.
   *
   * @throws TensorFileException if it is no zip of npy arrays, or too large unpacked
   */
  public static Npz open(Path file) {
    return open(file, MAX_TOTAL_BYTES);
  }

  /**
   * Opens a file for reading.
   *
   * @param maxTotalBytes how much all arrays together may take unpacked
   */
  public static Npz open(Path file, long maxTotalBytes) {
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      var npz = new Npz(file, zip, entries(file, zip, maxTotalBytes));
      zip = null; // the result closes it
      return npz;
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    } finally {
      if (zip != null) {
        close(zip);
      }
    }
  }

  /** Reads every array of a file, by name in the order of the file. */
  public static Map<String, NamedArray> readAll(Path file) {
    try (Npz npz = open(file)) {
      var arrays = new LinkedHashMap<String, NamedArray>();
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
      return arrays;
    }
  }

  /** The arrays' names, without {@code .npy}, in the order of the file. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /**
   * Reads one array.
   *
   * @throws TensorFileException if there is none of this name, or it is damaged
   */
  public NamedArray read(String name) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw TensorFileException.content(
          file.toString(),
          "array list",
          "an array " + TensorFileException.quote(name),
          "only " + TensorFileException.quote(entries.keySet().toString()));
    }
    String place = file + " entry " + TensorFileException.quote(entry.getName());
    try (var in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      // The buffer may read ahead, but not beyond the entry, so the CRC is whole at the end.
      var buffered = new BufferedInputStream(in, ArrayCodec.CHUNK_BYTES);
      NamedArray array = Npy.read(buffered, entry.getSize(), name, place);
      if (buffered.read() != -1) {
        throw TensorFileException.content(
            place, "end", entry.getSize() + " bytes, as the zip declares", "more");
      }
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw TensorFileException.content(
            place,
            "CRC-32",
            "%08x as the zip declares".formatted(entry.getCrc()),
            "%08x".formatted(in.getChecksum().getValue()));
      }
      return array;
    } catch (IOException e) {
      throw TensorFileException.io(file, "read " + TensorFileException.quote(name) + " of", e);
    }
  }

  @Override
  public void close() {
    close(zip);
  }

  /**
   * Writes a file atomically, each array under its name plus {@code .npy}.
   *
   * @throws TensorFileException if it cannot be written
   * @throws IllegalArgumentException if two names are equal
   */
  public static void write(Path file, Collection<NamedArray> arrays, boolean compressed) {
    var names = new HashSet<String>();
    for (NamedArray array : arrays) {
      if (!names.add(array.name())) {
        throw new IllegalArgumentException(
            "Npz: expected distinct names, found '%s' twice; rename one.".formatted(array.name()));
      }
    }
    AtomicFiles.write(
        file,
        out -> {
          var zip = new ZipOutputStream(out);
          for (NamedArray array : arrays) {
            zip.putNextEntry(compressed ? deflated(array) : stored(array));
            Npy.write(zip, array);
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static ZipEntry deflated(NamedArray array) {
    var entry = new ZipEntry(array.name() + SUFFIX);
    entry.setTimeLocal(ENTRY_TIME);
    return entry;
  }

  /** An uncompressed entry must be announced with size and CRC, so the array is encoded twice. */
  private static ZipEntry stored(NamedArray array) throws IOException {
    var checked = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    Npy.write(checked, array);
    ZipEntry entry = deflated(array);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(
        NpyHeader.encode(array.type(), array.shape()).length
            + (long) array.size() * array.type().bytes());
    entry.setCrc(checked.getChecksum().getValue());
    return entry;
  }

  private static Map<String, ZipEntry> entries(Path file, ZipFile zip, long maxTotalBytes) {
    if (zip.size() > MAX_ENTRIES) {
      throw TensorFileException.content(
          file.toString(), "zip directory", "at most " + MAX_ENTRIES + " entries", zip.size() + "");
    }
    var entries = new LinkedHashMap<String, ZipEntry>();
    long total = 0;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String place = file + " entry " + TensorFileException.quote(entry.getName());
      if (!entry.getName().endsWith(SUFFIX)) {
        throw TensorFileException.content(
            place, "name", "only arrays, which end in " + SUFFIX, "another kind of entry");
      }
      String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
      if (entries.put(name, entry) != null) {
        throw TensorFileException.content(place, "name", "each name once", "it twice");
      }
      checkSize(entry, place);
      if (entry.getSize() > maxTotalBytes - total) {
        throw TensorFileException.content(
            place, "size", "at most " + maxTotalBytes + " bytes unpacked in all arrays", "more");
      }
      total += entry.getSize();
    }
    return entries;
  }

  private static void checkSize(ZipEntry entry, String place) {
    long size = entry.getSize();
    long packed = entry.getCompressedSize();
    boolean possible =
        switch (entry.getMethod()) {
          case ZipEntry.STORED -> size == packed;
          case ZipEntry.DEFLATED -> size >= 0 && packed >= 0 && size / MAX_DEFLATE_RATIO <= packed;
          default -> false;
        };
    if (!possible) {
      throw TensorFileException.content(
          place,
          "size",
          "a stored or deflated entry whose size can come of its packed size",
          size + " bytes of " + packed + " by method " + entry.getMethod());
    }
  }

  private static void close(ZipFile zip) {
    try {
      zip.close();
    } catch (IOException e) {
      throw TensorFileException.io(Path.of(zip.getName()), "close", e);
    }
  }
}
