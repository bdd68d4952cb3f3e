package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.Engine;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingsTableTest {
  private static final Engine ENGINE = new Engine("b", "an engine", 0, 1, "", "", "", "", Map.of());

  @TempDir Path folder;

  private TimingsTable read(String json) throws IOException {
    Path file = folder.resolve("timings.json");
    return TimingsTable.read(Files.writeString(file, json.replace('\'', '"')));
  }

  private static String html(TimingsTable table) {
    var page = new HtmlPage("t");
    table.addTo(page, ENGINE);
    return page.text();
  }

  @Test
  void showsTimeAndShareOfThePeak() throws IOException {
    TimingsTable table =
        read(
            "{'threads':2,'peakGflops':100,'stages':"
                + "{'a':{'seconds':125,'steps':250,'flop':1.25e12},'b':{'seconds':1,'steps':0,'flop':0}}}");
    String html = html(table);
    assertTrue(
        html.contains("<td>a</td><td>2:05</td><td>250</td><td>2.000</td><td>10.0 (10 %)"), html);
    assertTrue(html.contains("<td>b</td><td>0:01</td><td></td><td></td><td></td>"), html);
    assertEquals(250, table.steps("a"));
    assertEquals(0, table.steps("c"));
  }

  @Test
  void withoutAFileThereIsNoTable() {
    assertFalse(html(TimingsTable.read(folder.resolve("timings.json"))).contains("<h2>"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'stages':[]}",
        "{'stages':{'a':1}}",
        "{'stages':{'a':{'steps':1,'flop':1}}}",
        "{'stages':{'a':{'seconds':1e999,'steps':1,'flop':1}}}",
        "{'stages':{'a':{'seconds':-1,'steps':1,'flop':1}}}",
        "{'stages':{'a':{'seconds':1,'steps':1.5,'flop':1}}}",
        "{'stages':{'a':{'seconds':1,'steps':1,'flop':'x'}}}",
        "{'peakGflops':-1,'stages':{}}",
      })
  void anythingElseIsRefused(String json) {
    String message = assertThrows(TensorFileException.class, () -> read(json)).getMessage();
    assertTrue(message.contains("timings.json, key '"), message);
  }
}
