package io.qgpo.help;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The manual. */
public final class Topics {
  private final List<Topic> pages;

  /**
   * The manual of a program.
   *
   * @param program its command line, which the page of commands is made of
   */
  public Topics(CommandSpec program) {
    pages =
        List.of(
            page("concepts", "what the words mean, and what happens in a training"),
            page("algorithm", "what is learnt, with the equations"),
            page(
                "toys",
                "sets in the plane whose guided truth is known, and how near guidance comes"),
            new Topic(
                "commands",
                "every command with its options and examples",
                () -> CommandsPage.markdown(program)),
            new Topic(
                "settings",
                "every setting with its range, its meaning and its value in the presets",
                SettingsPage::markdown),
            page("exactness", "how far what is computed is from what is known, check by check"),
            page("files", "data to learn from, the folder of a run, checkpoints, exported files"),
            page("gpu", "computing on an NVIDIA GPU"),
            page(
                "kernels",
                "kernels of your own: from a plain loop to tensor cores, checked and timed"),
            page("java", "training and acting from Java code"),
            page("troubleshooting", "what to do when something is wrong"));
  }

  /** All pages, in the order in which one would read them. */
  public List<Topic> all() {
    return pages;
  }

  /** The page of a name. */
  public Optional<Topic> find(String name) {
    return pages.stream().filter(topic -> topic.name().equals(name)).findFirst();
  }

  private static Topic page(String name, String summary) {
    return new Topic(name, summary, () -> read(name + ".md"));
  }

  /** A page of docs/, which the build copies beside this class. */
  private static String read(String file) {
    try (InputStream in = Topics.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the page " + file + " is missing beside " + Topics.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
