package io.qgpo.env.film;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A GIF in the making: frames in one palette, after the first only the rectangle that changed,
 * repeated for ever. Frames are written as they come, so that a long film takes no more memory than
 * its file.
 */
final class AnimatedGif {
  /** Names are those of the JDK's GIF metadata (javax_imageio_gif_image_1.0). */
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  /** Netscape's extension: sub-block 1, then how often to repeat, 0 for ever. */
  private static final byte[] FOR_EVER = {1, 0, 0};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes);
  private final ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
  private BufferedImage previous;

  AnimatedGif() {
    try {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
    } catch (IOException e) {
      throw new UncheckedIOException("GIF: cannot write to memory", e);
    }
  }

  /**
   * Adds a frame.
   *
   * @param picture in RGB; all of one size
   * @param centiseconds how long it stays
   */
  void add(BufferedImage picture, int centiseconds) {
    BufferedImage frame = Palette.apply(picture);
    Rectangle part = previous == null ? frame.getRaster().getBounds() : changed(previous, frame);
    // A copy, because of a part of an image the JDK's writer would write other pixels.
    BufferedImage content = Palette.picture(part.width, part.height);
    content.getRaster().setRect(-part.x, -part.y, frame.getRaster());
    try {
      writer.writeToSequence(
          new IIOImage(content, null, metadata(content, part, centiseconds)), null);
    } catch (IOException e) {
      throw new UncheckedIOException("GIF: cannot write to memory", e);
    }
    previous = frame;
  }

  /** The smallest rectangle with all that differs; a pixel if nothing does. */
  private static Rectangle changed(BufferedImage before, BufferedImage after) {
    int width = after.getWidth();
    int left = width;
    int right = -1;
    int top = after.getHeight();
    int bottom = -1;
    int[] old = new int[width];
    int[] now = new int[width];
    for (int y = 0; y < after.getHeight(); y++) {
      before.getRaster().getSamples(0, y, width, 1, 0, old);
      after.getRaster().getSamples(0, y, width, 1, 0, now);
      for (int x = 0; x < width; x++) {
        if (old[x] != now[x]) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
        }
      }
    }
    return bottom < 0
        ? new Rectangle(1, 1)
        : new Rectangle(left, top, right - left + 1, bottom - top + 1);
  }

  private IIOMetadata metadata(BufferedImage content, Rectangle part, int centiseconds)
      throws IIOInvalidTreeException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(content), null);
    var root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
    IIOMetadataNode place = child(root, "ImageDescriptor");
    place.setAttribute("imageLeftPosition", Integer.toString(part.x));
    place.setAttribute("imageTopPosition", Integer.toString(part.y));
    place.setAttribute("interlaceFlag", "FALSE");
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "doNotDispose");
    control.setAttribute("delayTime", Integer.toString(centiseconds));
    if (previous == null) {
      IIOMetadataNode repeat = new IIOMetadataNode("ApplicationExtension");
      repeat.setAttribute("applicationID", "NETSCAPE");
      repeat.setAttribute("authenticationCode", "2.0");
      repeat.setUserObject(FOR_EVER);
      child(root, "ApplicationExtensions").appendChild(repeat);
    }
    metadata.setFromTree(FORMAT, root);
    return metadata;
  }

  /** The child of this name, made if there is none. */
  private static IIOMetadataNode child(IIOMetadataNode root, String name) {
    var found = root.getElementsByTagName(name);
    if (found.getLength() > 0) {
      return (IIOMetadataNode) found.item(0);
    }
    var made = new IIOMetadataNode(name);
    root.appendChild(made);
    return made;
  }

  /** The file. Nothing can be added any more. */
  byte[] toBytes() {
    try {
      writer.endWriteSequence();
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException("GIF: cannot write to memory", e);
    }
    writer.dispose();
    return bytes.toByteArray();
  }
}
