package io.qgpo.tensor.contract;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One call of one backend primitive: the tensors it takes, the call, and how far a float32 result
 * may be from the float64 oracle's: {@code ulps} units in the last place of the exact result, plus
 * {@code k} times 2^-24 times the magnitude (the same call on absolute values, as k eps sum|a||b|),
 * plus {@code absolute}.
 */
public final class Primitive {
  /** What a tensor is filled with. */
  enum Kind {
    NORMAL,
    POSITIVE,
    PROBABILITIES,
    INDICES,
    RNG_STATE
  }

  /** One argument; {@code bound} is that of indices. */
  record Arg(Shape shape, Kind kind, int bound) {
    boolean isInteger() {
      return kind == Kind.INDICES || kind == Kind.RNG_STATE;
    }

    private double[] sample(SplittableRandom random) {
      double[] values = new double[shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (kind) {
              case NORMAL -> (float) random.nextGaussian();
              case POSITIVE -> (float) Math.exp(random.nextGaussian());
              case PROBABILITIES -> (float) random.nextDouble();
              case INDICES -> random.nextInt(bound);
              case RNG_STATE -> i == 3 ? 0 : random.nextInt();
            };
      }
      return values;
    }
  }

  /** The call. Inputs come first, outputs last. */
  interface Body {
    void run(Backend backend, Tensor[] t);
  }

  final String name;
  final Body body;
  final List<Arg> args = new ArrayList<>();
  int outputs;
  double ulps;
  double k;
  Body magnitude;
  double absolute;
  int[] aliases = {};
  private double[][] samples;

  Primitive(String name, Body body) {
    this.name = name;
    this.body = body;
  }

  Primitive in(Shape shape) {
    return in(shape, Kind.NORMAL);
  }

  Primitive in(Shape shape, Kind kind) {
    args.add(new Arg(shape, kind, 0));
    return this;
  }

  Primitive indices(Shape shape, int bound) {
    args.add(new Arg(shape, Kind.INDICES, bound));
    return this;
  }

  Primitive out(Shape shape) {
    return out(shape, Kind.NORMAL);
  }

  Primitive out(Shape shape, Kind kind) {
    outputs++;
    return in(shape, kind);
  }

  /** The last {@code count} are outputs. */
  Primitive outputs(int count) {
    outputs = count;
    return this;
  }

  Primitive ulps(double allowed) {
    ulps = allowed;
    return this;
  }

  /** The magnitude is that of the call itself on absolute values. */
  Primitive k(double factor) {
    return k(factor, body);
  }

  Primitive k(double factor, Body magnitudeBody) {
    k = factor;
    magnitude = magnitudeBody;
    return this;
  }

  Primitive absolute(double allowed) {
    absolute = allowed;
    return this;
  }

  /** The inputs that the first output may be the same tensor as. */
  Primitive inPlace(int... inputs) {
    aliases = inputs;
    return this;
  }

  /** What its tensors are filled with, the same at every call. */
  double[][] samples() {
    if (samples == null) {
      SplittableRandom random = new SplittableRandom(toString().hashCode());
      samples = new double[args.size()][];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = args.get(i).sample(random);
      }
    }
    return samples;
  }

  int inputs() {
    return args.size() - outputs;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    for (Arg arg : args) {
      text.append(' ').append(arg.shape);
    }
    return text.toString();
  }
}
