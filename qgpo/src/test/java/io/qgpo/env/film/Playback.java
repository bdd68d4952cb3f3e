package io.qgpo.env.film;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;

/**
 * A GIF as a viewer shows it.
 *
 * @param frames each the picture that is seen, not the part that changes
 * @param centiseconds how long each is seen
 * @param repeats the application extension's name and its bytes, such as "NETSCAPE2.0 [1, 0, 0]"
 */
record Playback(List<BufferedImage> frames, List<Integer> centiseconds, String repeats) {

  static Playback of(byte[] gif) throws IOException {
    List<BufferedImage> frames = new ArrayList<>();
    List<Integer> centiseconds = new ArrayList<>();
    String repeats = "";
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(gif))) {
      reader.setInput(in);
      BufferedImage screen = null;
      for (int i = 0; i < reader.getNumImages(true); i++) {
        var tree =
            (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
        BufferedImage part = reader.read(i);
        var next =
            screen == null
                ? new BufferedImage(part.getWidth(), part.getHeight(), BufferedImage.TYPE_INT_RGB)
                : copy(screen);
        Graphics2D graphics = next.createGraphics();
        graphics.drawImage(
            part,
            number(tree, "ImageDescriptor", "imageLeftPosition"),
            number(tree, "ImageDescriptor", "imageTopPosition"),
            null);
        graphics.dispose();
        frames.add(next);
        centiseconds.add(number(tree, "GraphicControlExtension", "delayTime"));
        var extensions = tree.getElementsByTagName("ApplicationExtension");
        for (int k = 0; k < extensions.getLength(); k++) {
          var extension = (IIOMetadataNode) extensions.item(k);
          repeats +=
              extension.getAttribute("applicationID")
                  + extension.getAttribute("authenticationCode")
                  + " "
                  + Arrays.toString((byte[]) extension.getUserObject());
        }
        screen = next;
      }
    }
    return new Playback(frames, centiseconds, repeats);
  }

  private static BufferedImage copy(BufferedImage image) {
    var copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    copy.setData(image.getData());
    return copy;
  }

  private static int number(IIOMetadataNode tree, String element, String attribute) {
    var node = (IIOMetadataNode) tree.getElementsByTagName(element).item(0);
    return Integer.parseInt(node.getAttribute(attribute));
  }

  /** Colour of a pixel as 0xRRGGBB. */
  int color(int frame, int x, int y) {
    return frames.get(frame).getRGB(x, y) & 0xFFFFFF;
  }
}
