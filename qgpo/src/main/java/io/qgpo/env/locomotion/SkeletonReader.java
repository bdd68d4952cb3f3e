package io.qgpo.env.locomotion;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads a skeleton from the MJCF of a flat body: the elements {@code body}, {@code joint} and
 * {@code geom} of type capsule, as our models use them. Joints are in the order of qpos.
 */
final class SkeletonReader {
  private final Skeleton skeleton = new Skeleton();
  private final Deque<Skeleton.Link> parents = new ArrayDeque<>();

  /** Of joints that do not say which: 1 or -1 about y. */
  private double defaultTurn;

  private SkeletonReader() {}

  /** The skeleton in a model. */
  static Skeleton read(String mjcf) {
    var reader = new SkeletonReader();
    try {
      XMLStreamReader xml =
          XMLInputFactory.newFactory().createXMLStreamReader(new StringReader(mjcf));
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          reader.start(xml);
        } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("body")) {
          reader.parents.pop();
        }
      }
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException("skeleton: the model is not XML: " + e.getMessage(), e);
    }
    return reader.skeleton;
  }

  private void start(XMLStreamReader xml) {
    switch (xml.getLocalName()) {
      case "body" -> parents.push(skeleton.add(link(xml)));
      case "joint" -> joint(xml);
      case "geom" -> geom(xml);
      default -> {}
    }
  }

  private Skeleton.Link link(XMLStreamReader xml) {
    double[] place = vector(xml, "pos");
    String name = xml.getAttributeValue(null, "name");
    return new Skeleton.Link(name, parents.peek(), place[0], place[2]);
  }

  private void joint(XMLStreamReader xml) {
    double[] axis = vector(xml, "axis");
    if (parents.isEmpty()) {
      defaultTurn = axis[1] == 0 ? defaultTurn : axis[1];
      return;
    }
    boolean slides = "slide".equals(xml.getAttributeValue(null, "type"));
    double[] anchor = vector(xml, "pos");
    String ref = xml.getAttributeValue(null, "ref");
    parents
        .peek()
        .joints()
        .add(
            slides
                ? Skeleton.Joint.slide(axis[0], axis[2], ref == null ? 0 : Double.parseDouble(ref))
                : Skeleton.Joint.hinge(axis[1] == 0 ? defaultTurn : axis[1], anchor[0], anchor[2]));
  }

  private void geom(XMLStreamReader xml) {
    if (!"capsule".equals(xml.getAttributeValue(null, "type"))) {
      return;
    }
    double[] centre = vector(xml, "pos");
    double[] size = numbers(xml.getAttributeValue(null, "size"));
    double[] direction = direction(xml);
    double x = size[1] * direction[0];
    double z = size[1] * direction[1];
    parents
        .peek()
        .bones()
        .add(
            new Skeleton.Bone(centre[0] - x, centre[2] - z, centre[0] + x, centre[2] + z, size[0]));
  }

  /** x and z of where a capsule's axis points: up, unless it says otherwise. */
  private static double[] direction(XMLStreamReader xml) {
    String tilt = xml.getAttributeValue(null, "axisangle");
    if (tilt != null) {
      double angle = numbers(tilt)[3];
      return new double[] {Math.sin(angle), Math.cos(angle)};
    }
    String axis = xml.getAttributeValue(null, "zaxis");
    double[] direction = axis == null ? new double[] {0, 0, 1} : numbers(axis);
    return new double[] {direction[0], direction[2]};
  }

  /** Three numbers; zeros where there is no such attribute. */
  private static double[] vector(XMLStreamReader xml, String attribute) {
    String text = xml.getAttributeValue(null, attribute);
    return text == null ? new double[3] : numbers(text);
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
