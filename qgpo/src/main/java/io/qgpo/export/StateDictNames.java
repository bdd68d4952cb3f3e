package io.qgpo.export;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our names of weights and those in the authors' PyTorch state dicts
 * (github.com/ChenDRAG/CEP-energy-guided-diffusion, Offline_RL_2D/diffusion_SDE/model.py): of their
 * {@code ScoreNet}, and of their {@code QGPO_Critic}, whose names begin with {@code q0.}, {@code
 * q0_target.} and {@code qt.}. Shapes are the same.
 */
final class StateDictNames {
  /** Ours to theirs, both as beginnings of names. */
  private static final Map<String, String> BEGINNINGS = beginnings();

  /** Their sequences count activations, which have no weights, too. */
  private static final Pattern LAYER =
      Pattern.compile("(critic\\.q[12]|criticTarget\\.q[12]|energy\\.net)\\.(\\d+)\\.(\\w+)");

  private static final Map<String, String> SEQUENCES =
      Map.of(
          "critic.q1", "q0.q1",
          "critic.q2", "q0.q2",
          "criticTarget.q1", "q0_target.q1",
          "criticTarget.q2", "q0_target.q2",
          "energy.net", "qt.qt");

  private StateDictNames() {}

  private static Map<String, String> beginnings() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("score.time.fourier.", "embed.0.");
    names.put("score.time.linear.", "embed.1.");
    names.put("score.state.", "pre_sort_condition.0.dense.");
    names.put("score.condition1.", "sort_t.0.");
    names.put("score.condition2.", "sort_t.2.");
    Map<String, String> blocks =
        Map.of(
            "down1", "down_block1",
            "down2", "down_block2",
            "down3", "down_block3",
            "middle", "middle1",
            "up3", "up_block3",
            "up2", "up_block2");
    blocks.forEach(
        (ours, theirs) -> {
          names.put("score." + ours + ".dense1.", theirs + ".dense1.0.");
          names.put("score." + ours + ".condition.", theirs + ".time_mlp.1.");
          names.put("score." + ours + ".dense2.", theirs + ".dense2.0.");
          names.put("score." + ours + ".skip.", theirs + ".modify_x.");
        });
    names.put("score.output.", "last.");
    names.put("energy.time.fourier.", "qt.embed.0.");
    names.put("energy.time.linear.", "qt.embed.1.");
    return names;
  }

  /**
   * Their name of a weight.
   *
   * @param ours a name of {@link io.qgpo.algorithm.Qgpo#state}, of the behaviour model, the critics
   *     or the energy
   */
  static String theirs(String ours) {
    Matcher layer = LAYER.matcher(ours);
    if (layer.matches()) {
      int number = 2 * Integer.parseInt(layer.group(2));
      return SEQUENCES.get(layer.group(1)) + "." + number + "." + layer.group(3);
    }
    for (var names : BEGINNINGS.entrySet()) {
      if (ours.startsWith(names.getKey())) {
        return names.getValue() + ours.substring(names.getKey().length());
      }
    }
    throw new IllegalArgumentException("no name in the authors' state dicts for '" + ours + "'");
  }
}
