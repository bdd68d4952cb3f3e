package io.qgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.JsonFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What each policy of an evaluation earned, and the protocol that its returns hold for. */
final class ReturnsTable {
  private static final String SCORE = "normalized_mean";

  private ReturnsTable() {}

  /**
   * Adds it to a page.
   *
   * @param json content of an {@code evaluation.json} that {@link EvaluationFile} took
   * @param file for messages
   * @throws io.qgpo.tensor.io.TensorFileException if a number is missing
   */
  static void addTo(HtmlPage page, ObjectNode json, EvaluationFile evaluation, String file) {
    JsonNode results = json.path("results");
    boolean scored = !results.findValues(SCORE).isEmpty();
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(scored, "policy", "return", "sd", "error", "score"));
    for (JsonNode node : results) {
      ObjectNode result = (ObjectNode) node;
      rows.add(
          row(
              scored,
              result.has("guidance")
                  ? EvaluationReport.guidedName(JsonFiles.number(result, "guidance", file))
                  : JsonFiles.text(result, "policy", file),
              number(result, "return_mean", file),
              number(result, "return_sd", file),
              number(result, "return_error", file),
              result.has(SCORE) ? number(result, SCORE, file) : ""));
    }
    page.table(rows);
    page.paragraph(
        "%s, %d episodes, seed %s, %s checkpoint%s"
            .formatted(
                evaluation.environment(),
                evaluation.episodes(),
                json.path("seed").asText(),
                json.path("checkpoint").asText(),
                protocol(json.path("protocol"))));
  }

  private static List<String> row(boolean scored, String... cells) {
    return List.of(cells).subList(0, scored ? cells.length : cells.length - 1);
  }

  private static String number(ObjectNode result, String key, String file) {
    return EvaluationReport.number(JsonFiles.number(result, key, file));
  }

  private static String protocol(JsonNode protocol) {
    var text = new StringBuilder();
    for (Map.Entry<String, JsonNode> entry : protocol.properties()) {
      text.append("; ").append(entry.getKey()).append(": ").append(entry.getValue().asText());
    }
    return text + ".";
  }
}
