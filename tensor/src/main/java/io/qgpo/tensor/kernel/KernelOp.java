package io.qgpo.tensor.kernel;

import static io.qgpo.tensor.kernel.Operand.Extent.COLUMNS;
import static io.qgpo.tensor.kernel.Operand.Extent.INNER;
import static io.qgpo.tensor.kernel.Operand.Extent.ONE;
import static io.qgpo.tensor.kernel.Operand.Extent.ROWS;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.kernel.Operand.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** What a kernel on a device may compute in the place of the backend's own: the contract. */
public enum KernelOp {
  /** A linear layer without an activation. */
  LINEAR_IDENTITY("y = x W^T + bias + residual; z = x W^T + bias", linear()),
  /** A linear layer with ReLU. */
  LINEAR_RELU("y = relu(z) + residual; z = x W^T + bias", linear()),
  /** A linear layer with SiLU, z / (1 + exp(-z)). */
  LINEAR_SILU("y = silu(z) + residual; z = x W^T + bias", linear()),
  /** A product: the gradient of a layer's input. */
  MATMUL_NN("y = a b + residual", product(ROWS, INNER, INNER, COLUMNS)),
  /** A product with b transposed. */
  MATMUL_NT("y = a b^T + residual", product(ROWS, INNER, COLUMNS, INNER)),
  /** A product with a transposed: the gradient of a layer's weight. */
  MATMUL_TN("y = a^T b + residual", product(INNER, ROWS, INNER, COLUMNS)),
  /** The backward pass of ReLU with the gradient of the bias. */
  LINEAR_GRAD_RELU("gradZ = gradOut relu'(z); gradBias = column sums of gradZ", linearGrad()),
  /** The backward pass of SiLU with the gradient of the bias. */
  LINEAR_GRAD_SILU("gradZ = gradOut silu'(z); gradBias = column sums of gradZ", linearGrad()),
  /** Softmax by rows. */
  SOFTMAX("each row of y = softmax of that row of x", elementwise()),
  /** SiLU of elements. */
  UNARY_SILU("y = silu(x)", elementwise());

  private final String meaning;
  private final List<Operand> operands;

  KernelOp(String meaning, List<Operand> operands) {
    this.meaning = meaning;
    this.operands = operands;
  }

  private static List<Operand> linear() {
    return List.of(
        Operand.input("x", ROWS, INNER),
        Operand.input("weight", COLUMNS, INNER),
        Operand.optional("bias", ONE, COLUMNS),
        Operand.optional("residual", ROWS, COLUMNS),
        Operand.optionalResult("z", ROWS, COLUMNS),
        Operand.result("y", ROWS, COLUMNS, "residual"));
  }

  private static List<Operand> product(
      Operand.Extent aRows,
      Operand.Extent aColumns,
      Operand.Extent bRows,
      Operand.Extent bColumns) {
    return List.of(
        Operand.input("a", aRows, aColumns),
        Operand.input("b", bRows, bColumns),
        Operand.optional("residual", ROWS, COLUMNS),
        Operand.result("y", ROWS, COLUMNS, "residual"));
  }

  private static List<Operand> linearGrad() {
    return List.of(
        Operand.input("z", ROWS, COLUMNS),
        Operand.input("gradOut", ROWS, COLUMNS),
        Operand.result("gradZ", ROWS, COLUMNS, "gradOut"),
        Operand.optionalResult("gradBias", ONE, COLUMNS));
  }

  private static List<Operand> elementwise() {
    return List.of(Operand.input("x", ROWS, COLUMNS), Operand.result("y", ROWS, COLUMNS, "x"));
  }

  /** As typed, and as the kernel's entry point is called. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The operation of a name, if there is one. */
  public static Optional<KernelOp> find(String id) {
    return Arrays.stream(values()).filter(op -> op.id().equals(id)).findFirst();
  }

  /** The names of all. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(KernelOp::id).toList();
  }

  /** What is computed, as a formula. */
  public String meaning() {
    return meaning;
  }

  /** The parameters that are data, in their order; behind them come the sizes. */
  public List<Operand> operands() {
    return operands;
  }

  /** Whether something is summed over {@link Sizes#inner()}. */
  public boolean hasInner() {
    return CheckedOp.of(this).hasInner();
  }

  /** The types and names of all parameters, as in {@code const float* x}. */
  public List<String> parameters() {
    List<String> parameters = new ArrayList<>();
    for (Operand operand : operands) {
      String name = operand.name();
      boolean result = operand.traits().contains(Trait.RESULT);
      parameters.add((result ? "float* " : "const float* ") + name);
      if (operand.rows() != ONE) {
        parameters.add("int ld" + Character.toUpperCase(name.charAt(0)) + name.substring(1));
      }
    }
    parameters.add("int rows");
    parameters.add("int columns");
    if (hasInner()) {
      parameters.add("int inner");
    }
    return parameters;
  }

  /** The declaration that a kernel must have. */
  public String signature() {
    return "extern \"C\" __global__ void %s(%s)".formatted(id(), String.join(", ", parameters()));
  }

  /** The contract: formula, declaration, shapes, what may be null and what may share a place. */
  public String contract() {
    StringBuilder text = new StringBuilder(id()).append(": ").append(meaning).append('\n');
    text.append("  ").append(signature()).append('\n');
    for (Operand operand : operands) {
      text.append("    ").append(operand.name()).append(": ");
      text.append(
          operand.rows() == ONE
              ? operand.columns().name().toLowerCase(Locale.ROOT) + " elements"
              : (operand.rows() + " x " + operand.columns()).toLowerCase(Locale.ROOT));
      if (operand.traits().contains(Trait.RESULT)) {
        text.append(", written");
      }
      if (operand.traits().contains(Trait.OPTIONAL)) {
        text.append(", may be null");
      }
      if (operand.mayBe() != null) {
        text.append(", may be ").append(operand.mayBe());
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Floating-point operations of a call; functions such as exp count as one. */
  public double flop(Sizes sizes) {
    double elements = (double) sizes.rows() * sizes.columns();
    return switch (this) {
      case LINEAR_IDENTITY, LINEAR_RELU, LINEAR_SILU, MATMUL_NN, MATMUL_NT, MATMUL_TN ->
          2 * elements * sizes.inner();
      case LINEAR_GRAD_RELU -> 3 * elements;
      case LINEAR_GRAD_SILU -> 10 * elements;
      case SOFTMAX -> 5 * elements;
      case UNARY_SILU -> 4 * elements;
    };
  }

  /** Bytes that a call must move at least: each operand once. */
  public double bytes(Sizes sizes) {
    double elements = 0;
    for (Operand operand : operands) {
      elements += (double) operand.rows().of(sizes) * operand.columns().of(sizes);
    }
    return Float.BYTES * elements;
  }

  /**
   * Computes it with a backend's own primitives.
   *
   * @param tensors the operands, in their order; null where one is left out; vectors have rank 1
   */
  public void compute(Backend backend, Tensor... tensors) {
    switch (this) {
      case LINEAR_IDENTITY -> linear(backend, Activation.IDENTITY, tensors);
      case LINEAR_RELU -> linear(backend, Activation.RELU, tensors);
      case LINEAR_SILU -> linear(backend, Activation.SILU, tensors);
      case MATMUL_NN -> product(backend, false, false, tensors);
      case MATMUL_NT -> product(backend, false, true, tensors);
      case MATMUL_TN -> product(backend, true, false, tensors);
      case LINEAR_GRAD_RELU -> linearGrad(backend, Activation.RELU, tensors);
      case LINEAR_GRAD_SILU -> linearGrad(backend, Activation.SILU, tensors);
      case SOFTMAX -> backend.softmax(tensors[0], tensors[1]);
      case UNARY_SILU -> backend.unary(UnaryOp.SILU, tensors[0], tensors[1]);
    }
  }

  private static void linear(Backend backend, Activation activation, Tensor... t) {
    backend.linear(t[0], t[1], null, t[2], activation, t[3], t[4], t[5]);
  }

  private static void linearGrad(Backend backend, Activation activation, Tensor... t) {
    backend.linearGrad(activation, t[0], t[1], t[2], t[3]);
  }

  private static void product(Backend backend, boolean transA, boolean transB, Tensor... t) {
    if (t[2] != null && t[2] != t[3]) {
      backend.copy(t[2], t[3]);
    }
    backend.matmul(transA, transB, t[0], t[1], t[3], t[2] != null);
  }

  /**
   * All operands of a call, for timing it: random numbers, not zeros, which are multiplied with
   * less power and faster.
   */
  public List<Tensor> randomOperands(Backend backend, Sizes sizes, Random random) {
    List<Tensor> tensors = new ArrayList<>();
    for (Operand operand : operands) {
      Tensor tensor = Tensor.empty(backend, DType.FLOAT32, shape(operand, sizes));
      float[] values = new float[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat() - .5f;
      }
      backend.write(values, 0, tensor);
      tensors.add(tensor);
    }
    return tensors;
  }

  /** The shape of an operand's tensor. */
  public static Shape shape(Operand operand, Sizes sizes) {
    int columns = operand.columns().of(sizes);
    return operand.rows() == ONE ? Shape.of(columns) : Shape.of(operand.rows().of(sizes), columns);
  }
}
