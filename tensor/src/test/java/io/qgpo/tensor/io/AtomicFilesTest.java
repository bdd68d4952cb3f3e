package io.qgpo.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertFault(Path file, String part) {
    String message =
        assertThrows(TensorFileException.class, () -> AtomicFiles.writeText(file, "new"))
            .getMessage();
    assertTrue(message.startsWith("Could not write " + file + ": "), message);
    assertTrue(message.contains(part), message);
  }

  @Test
  void createsAndReplaces() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "é1");
    assertEquals("é1", Files.readString(file));
    AtomicFiles.writeText(file, "2");
    assertEquals("2", Files.readString(file));
    assertEquals(List.of("a.txt"), files());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no POSIX permissions")
  void theFileHasThePermissionsOfAnyNewFile() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "1");
    assertEquals(permissions(Files.createFile(folder.resolve("any"))), permissions(file));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "not everybody may make links there")
  void aLinkStaysALink() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    AtomicFiles.writeText(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "mkfifo")
  void aPipeStaysAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    var fault = assertThrows(TensorFileException.class, () -> AtomicFiles.writeText(pipe, "text"));
    assertTrue(fault.getMessage().contains("it is no regular file"), fault.getMessage());
    assertFalse(Files.isRegularFile(pipe));
  }

  @Test
  void aFailureKeepsTheOldFileAndLeavesNothing() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    var full = new IOException("No space left on device");
    var thrown =
        assertThrows(
            TensorFileException.class,
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw full;
                    }));
    assertEquals("Could not write " + file + ": No space left on device.", thrown.getMessage());
    assertSame(full, thrown.getCause());
    assertThrows(
        ArithmeticException.class,
        () ->
            AtomicFiles.write(
                file,
                out -> {
                  throw new ArithmeticException();
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), files());
  }

  @Test
  void anotherLibraryWritesToAPath() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeAt(file, temporary -> Files.writeString(temporary, "new"));
    assertEquals("new", Files.readString(file));
    assertThrows(
        ArithmeticException.class,
        () ->
            AtomicFiles.writeAt(
                file,
                temporary -> {
                  Files.writeString(temporary, "half");
                  throw new ArithmeticException();
                }));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("a.txt"), files());
  }

  @Test
  void saysWhyAFolderCannotBeWritten() throws IOException {
    Path missing = folder.resolve("missing");
    assertFault(missing.resolve("a"), "the folder " + missing + " does not exist");
    Path plain = Files.writeString(folder.resolve("plain"), "");
    assertFault(plain.resolve("a"), "the folder " + plain + " does not exist");
    assertFault(Files.createDirectory(folder.resolve("sub")), "it is a folder");
  }

  @Test
  void saysThatAFileSystemIsReadOnly() throws IOException {
    Path archive = folder.resolve("archive.zip");
    new ZipOutputStream(Files.newOutputStream(archive)).close();
    try (FileSystem readOnly =
        FileSystems.newFileSystem(archive, Map.of("accessMode", "readOnly"))) {
      assertFault(readOnly.getPath("/a"), "the file system is read-only");
    }
  }

  @Test
  void deletesLeftoversOnly() throws IOException {
    Files.writeString(folder.resolve(".writing-123.tmp"), "half");
    Files.writeString(folder.resolve(".writing-9.tmp"), "half");
    Files.writeString(folder.resolve("kept.tmp"), "whole");
    assertEquals(2, AtomicFiles.deleteLeftovers(folder));
    assertEquals(List.of("kept.tmp"), files());
    assertThrows(
        TensorFileException.class, () -> AtomicFiles.deleteLeftovers(folder.resolve("missing")));
  }
}
