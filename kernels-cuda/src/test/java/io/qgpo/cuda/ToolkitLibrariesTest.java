package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolkitLibrariesTest {
  @Test
  void foldersMatchLevelByLevelTheLatestFirst(@TempDir Path root) throws IOException {
    Path oldest = Files.createDirectories(root.resolve("cuda-12.6/lib64"));
    Path older = Files.createDirectories(root.resolve("cuda-12.10/lib64"));
    Path newer = Files.createDirectories(root.resolve("cuda-13.0/lib64"));
    Files.createDirectories(root.resolve("cuda-14.0/lib")); // has none
    Files.createFile(root.resolve("cuda")); // is no folder
    assertEquals(List.of(newer, older, oldest), ToolkitLibraries.matching(root, "cuda*", "lib64"));
    assertEquals(List.of(), ToolkitLibraries.matching(root.resolve("absent"), "*"));
  }
}
