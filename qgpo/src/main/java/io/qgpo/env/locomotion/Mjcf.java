package io.qgpo.env.locomotion;

import io.qgpo.env.mujoco.MujocoVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The bodies' MJCF, from the resources, in the form that a version of rules and MuJoCo needs. */
final class Mjcf {
  private static final Pattern CAPSULE =
      Pattern.compile("<geom name=\"(\\w+)\" type=\"capsule\" size=\"(\\S+) (\\S+)\"([^>]*)/>");

  /**
   * Room for three times the contacts that the bodies can have, each of four constraints: without
   * it, MuJoCo 2.2.2 sets aside 3 MB for every simulation.
   */
  private static final String SIZE = "<size nconmax=\"50\" njmax=\"220\"/>";

  private Mjcf() {}

  /**
   * The model of a body.
   *
   * @param body name of the resource, without .xml
   */
  static String of(String body, Rules rules, Inertia inertia, MujocoVersion version) {
    String xml =
        template(body)
            .replace("@size@", version.growsAsNeeded() ? "" : SIZE)
            // The contact's margin is to be 0.001: the larger of its geoms', later their sum.
            .replace("@margin@", version.sumsMargins() ? "0.0005" : "0.001")
            .replace("@rightFootFriction@", rules == Rules.V5 ? "1.9" : "0.9");
    return inertia == Inertia.D4RL_ERA ? CAPSULE.matcher(xml).replaceAll(Mjcf::eraInertia) : xml;
  }

  /** A capsule without mass, and in it a cylinder that touches nothing: half length h + r / 2. */
  private static String eraInertia(MatchResult capsule) {
    double radius = Double.parseDouble(capsule.group(2));
    double halfLength = Double.parseDouble(capsule.group(3));
    String rest = capsule.group(4);
    return "<geom name=\"%s\" type=\"capsule\" size=\"%s %s\"%s mass=\"0\"/>"
            .formatted(capsule.group(1), capsule.group(2), capsule.group(3), rest)
        + String.format(
            Locale.ROOT,
            "<geom type=\"cylinder\" size=\"%s %s\"%s contype=\"0\" conaffinity=\"0\"/>",
            capsule.group(2),
            halfLength + radius / 2,
            rest);
  }

  /** The model with marks where versions differ, none of which is the body's shape. */
  static String template(String body) {
    String name = body + ".xml";
    try (InputStream in = Mjcf.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }
}
