package io.qgpo.export;

import com.google.protobuf.ByteString;
import io.qgpo.export.OnnxProto.AttributeProto;
import io.qgpo.export.OnnxProto.GraphProto;
import io.qgpo.export.OnnxProto.ModelProto;
import io.qgpo.export.OnnxProto.NodeProto;
import io.qgpo.export.OnnxProto.OperatorSetIdProto;
import io.qgpo.export.OnnxProto.StringStringEntryProto;
import io.qgpo.export.OnnxProto.TensorProto;
import io.qgpo.export.OnnxProto.TensorShapeProto;
import io.qgpo.export.OnnxProto.TensorShapeProto.Dimension;
import io.qgpo.export.OnnxProto.TypeProto;
import io.qgpo.export.OnnxProto.ValueInfoProto;
import io.qgpo.run.ProgramVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph of ONNX in the making: each method adds a node and returns the name of its output. All
 * values are float32 matrices of any number of rows, which broadcast against one row.
 */
final class OnnxGraph {
  /** Of 2021: old enough for every runtime in use, and has all that is used here. */
  private static final int OPERATOR_SET = 17;

  /** The version of the file format that came with that operator set. */
  private static final int IR_VERSION = 8;

  private static final int FLOAT32 = 1;
  private static final String ROWS = "batch";

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /** Names of constants by their content: weights that many nodes use are in the file once. */
  private final Map<Content, String> constants = new HashMap<>();

  private int nodes;

  OnnxGraph(String name) {
    graph.setName(name);
  }

  /** A matrix of rows that the user gives. */
  String input(String name, int columns) {
    graph.addInput(info(name, columns));
    return name;
  }

  /** Gives a value to the user, under a name. */
  void output(String name, String value, int columns) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").setName(name).addInput(value).addOutput(name));
    graph.addOutput(info(name, columns));
  }

  /** A matrix that is part of the graph. */
  String constant(float[] values, int rows, int columns) {
    return constants.computeIfAbsent(
        new Content(values, rows, columns), content -> initializer(content));
  }

  private String initializer(Content content) {
    String name = "constant" + constants.size();
    ByteBuffer bytes =
        ByteBuffer.allocate(content.values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(content.values);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT32)
            .addDims(content.rows)
            .addDims(content.columns)
            .setRawData(ByteString.copyFrom(bytes)));
    return name;
  }

  /** A number. */
  String constant(double value) {
    return constant(new float[] {(float) value}, 1, 1);
  }

  /** A node without attributes. */
  String node(String operator, String... inputs) {
    return add(NodeProto.newBuilder().setOpType(operator), inputs);
  }

  /** Matrices side by side. */
  String concat(String... inputs) {
    return add(
        NodeProto.newBuilder().setOpType("Concat").addAttribute(attribute("axis", 1)), inputs);
  }

  /**
   * x weight^T + bias.
   *
   * @param bias null for none
   */
  String linear(String x, Matrix weight, String bias) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType("Gemm").addAttribute(attribute("transB", 1));
    String w = constant(weight);
    return bias == null ? add(node, x, w) : add(node, x, w, bias);
  }

  /** A matrix as a constant. */
  String constant(Matrix matrix) {
    return constant(matrix.values(), matrix.rows(), matrix.columns());
  }

  /** x sigmoid(x). */
  String silu(String x) {
    return node("Mul", x, node("Sigmoid", x));
  }

  /** a x + b y. */
  String sum(double a, String x, double b, String y) {
    return node("Add", scaled(a, x), scaled(b, y));
  }

  private String scaled(double factor, String x) {
    return factor == 1 ? x : node("Mul", x, constant(factor));
  }

  /** The file. */
  byte[] model(String description, Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("qgpo")
            .setProducerVersion(ProgramVersion.text())
            .setDocString(description)
            .setGraph(graph)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET));
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  private String add(NodeProto.Builder node, String... inputs) {
    String output = "value" + nodes++;
    graph.addNode(node.setName(output).addAllInput(List.of(inputs)).addOutput(output));
    return output;
  }

  private static AttributeProto attribute(String name, int value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setI(value)
        .setType(AttributeProto.AttributeType.INT)
        .build();
  }

  private static ValueInfoProto info(String name, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(Dimension.newBuilder().setDimParam(ROWS))
            .addDim(Dimension.newBuilder().setDimValue(columns))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT32).setShape(shape)))
        .build();
  }

  /** Equal by content. */
  private record Content(float[] values, int rows, int columns) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Content that
          && rows == that.rows
          && columns == that.columns
          && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(values) + columns;
    }
  }
}
