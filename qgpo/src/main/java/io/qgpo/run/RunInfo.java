package io.qgpo.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.ConfigJson;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.Dataset;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.StateScaling;
import io.qgpo.data.StateTransform;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is: its settings, its data and how they were mapped, and the engine that ran it. The
 * content of {@code config.json}.
 *
 * @param settings every setting
 * @param origin where the data are
 * @param environment what the policy is evaluated in, if anything
 * @param sha256 of the data
 * @param stateDim numbers in a state
 * @param actionDim numbers in an action
 * @param states the map from states to what networks see
 * @param bounds the map between actions and [-1, 1]
 * @param reward the map of rewards
 * @param engine what computed: bits are promised for the same backend and vector width only
 */
public record RunInfo(
    QgpoConfig settings,
    DataOrigin origin,
    Optional<EnvironmentName> environment,
    String sha256,
    int stateDim,
    int actionDim,
    StateTransform states,
    ActionBounds bounds,
    RewardScaling.Transform reward,
    Engine engine) {

  private static final String FORMAT = "qgpo run 1";

  private static final String IMPORTED = "imported";

  private static final int LARGEST_SIZE = 1_000_000;

  /** Settings that are younger than the format, with what runs did before they had them. */
  private static final Map<String, Object> BEFORE =
      Map.of("critic.nStep", 1, "data.stateScaling", StateScaling.NONE);

  /** The description of a run on these data. */
  static RunInfo of(
      QgpoConfig settings,
      DataOrigin origin,
      Optional<EnvironmentName> environment,
      Dataset dataset,
      Backend backend) {
    return new RunInfo(
        settings,
        origin.absolute(),
        environment,
        dataset.source().sha256(),
        dataset.transitions().observationSize(),
        dataset.transitions().actionSize(),
        settings.data().stateScaling().of(dataset.transitions()),
        ActionBounds.learn(dataset.transitions()),
        rewardScaling(settings, environment).of(dataset),
        Engine.of(backend));
  }

  /** A known environment decides; D4RL's AntMaze data do not always say where an episode ends. */
  private static RewardScaling rewardScaling(
      QgpoConfig settings, Optional<EnvironmentName> environment) {
    RewardScaling chosen = settings.data().rewardScaling();
    boolean isAntMaze = environment.isPresent() && environment.get().name().startsWith("antmaze-");
    return chosen == RewardScaling.AUTO && isAntMaze ? RewardScaling.ANTMAZE : chosen;
  }

  /**
   * The data that the run began with.
   *
   * @param folder of the run, for messages
   * @throws RunException if they have changed since
   */
  Dataset loadData(Path folder) {
    Dataset dataset = origin.load(settings.data().maxEpisodeSteps());
    if (!dataset.source().sha256().equals(sha256)) {
      throw new RunException(
          "The data of "
              + folder
              + " have changed since it began: expected SHA-256 "
              + sha256
              + ", found "
              + dataset.source().sha256()
              + "; restore them, or start a new run.");
    }
    return dataset;
  }

  /** For {@code config.json}. */
  ObjectNode toJson() {
    ObjectNode json = JsonFiles.object().put("format", FORMAT);
    json.set("settings", ConfigJson.tree(settings));
    json.set("data", origin.toJson());
    environment.ifPresent(name -> json.set("environment", name.toJson()));
    json.put("sha256", sha256).put("stateDim", stateDim).put("actionDim", actionDim);
    put(json.putArray("stateCenter"), states.center());
    put(json.putArray("stateScale"), states.scale());
    put(json.putArray("actionLow"), bounds.low());
    put(json.putArray("actionHigh"), bounds.high());
    json.put("rewardScaling", reward.kind().label());
    json.put("rewardScale", reward.scale()).put("rewardShift", reward.shift());
    engine.putInto(json);
    return json;
  }

  private static void put(ArrayNode array, float[] values) {
    for (float value : values) {
      array.add(value);
    }
  }

  /**
   * Reads {@code config.json}.
   *
   * @throws TensorFileException if it is not what {@link #toJson} writes
   * @throws io.qgpo.algorithm.ConfigException if its settings are out of their ranges
   */
  public static RunInfo read(Path configFile) {
    return of(JsonFiles.read(configFile), configFile.toString());
  }

  /** The same of weights that came from elsewhere: a run with nothing to resume. */
  ObjectNode toJsonOfImported() {
    return toJson().put(IMPORTED, true);
  }

  /** Whether a {@code config.json} is of weights that were not trained in its folder. */
  public static boolean isOfImported(Path configFile) {
    return JsonFiles.read(configFile).path(IMPORTED).booleanValue();
  }

  /**
   * The same without what is of one machine alone: the folder that the data are in, and a class of
   * the user's to evaluate in, which no file from elsewhere may name.
   */
  public RunInfo portable() {
    return new RunInfo(
        settings,
        origin.portable(),
        environment.filter(name -> !name.isClass()),
        sha256,
        stateDim,
        actionDim,
        states,
        bounds,
        reward,
        engine);
  }

  /** The content of {@code config.json}. */
  public String text() {
    return JsonFiles.text(toJson());
  }

  /**
   * Reads what {@link #text} gives.
   *
   * @param file that the text is of, for messages
   * @throws TensorFileException if it is something else
   */
  public static RunInfo parse(String text, String file) {
    return of(JsonFiles.parse(text, file, "description of the run"), file);
  }

  private static RunInfo of(ObjectNode json, String file) {
    String format = JsonFiles.text(json, "format", file);
    if (!format.equals(FORMAT)) {
      throw TensorFileException.content(
          file, "key 'format'", "'" + FORMAT + "'", TensorFileException.quote(format));
    }
    int stateDim = size(json, "stateDim", file);
    int actionDim = size(json, "actionDim", file);
    String scaling = JsonFiles.text(json, "rewardScaling", file);
    try {
      RunInfo info =
          new RunInfo(
              settings(JsonFiles.child(json, "settings", file), file),
              DataOrigin.fromJson(JsonFiles.child(json, "data", file), file),
              json.has("environment")
                  ? Optional.of(
                      EnvironmentName.fromJson(JsonFiles.child(json, "environment", file), file))
                  : Optional.empty(),
              JsonFiles.text(json, "sha256", file),
              stateDim,
              actionDim,
              states(json, stateDim, file),
              ActionBounds.of(
                  floats(json, "actionLow", actionDim, file),
                  floats(json, "actionHigh", actionDim, file)),
              new RewardScaling.Transform(
                  RewardScaling.valueOf(scaling.toUpperCase(Locale.ROOT)),
                  JsonFiles.number(json, "rewardScale", file),
                  JsonFiles.number(json, "rewardShift", file)),
              Engine.from(json, file));
      info.refuseOtherKeys(json, file);
      return info;
    } catch (IllegalArgumentException e) {
      throw TensorFileException.content(
          file, "content", "a run's settings", TensorFileException.quote(e.getMessage()));
    }
  }

  /** Of a state or an action: beyond a million it is a mistake, and would be allocated. */
  private static int size(ObjectNode json, String key, String file) {
    double size = JsonFiles.number(json, key, file);
    if (size != Math.rint(size) || size < 1 || size > LARGEST_SIZE) {
      throw TensorFileException.content(
          file, "key '" + key + "'", "a whole number from 1 to " + LARGEST_SIZE, size + "");
    }
    return (int) size;
  }

  /** What is not understood may matter. */
  private void refuseOtherKeys(ObjectNode json, String file) {
    ObjectNode known = toJsonOfImported();
    json.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.has(key)) {
                throw TensorFileException.content(
                    file, "keys", "those of a run", TensorFileException.quote(key));
              }
            });
  }

  private static QgpoConfig settings(ObjectNode json, String file) {
    Map<String, Object> values = new LinkedHashMap<>(BEFORE);
    values.putAll(ConfigJson.of(json, file));
    return QgpoConfig.of(values);
  }

  /** Runs that are older than the transform had none. */
  private static StateTransform states(ObjectNode json, int stateDim, String file) {
    if (!json.has("stateCenter") && !json.has("stateScale")) {
      return StateTransform.identity(stateDim);
    }
    return StateTransform.of(
        floats(json, "stateCenter", stateDim, file), floats(json, "stateScale", stateDim, file));
  }

  private static float[] floats(ObjectNode json, String key, int length, String file) {
    JsonNode array = json.path(key);
    if (!array.isArray() || array.size() != length) {
      throw TensorFileException.content(
          file,
          "key '" + key + "'",
          length + " numbers",
          array.isArray() ? array.size() + "" : "none");
    }
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = array.get(i).floatValue();
      if (!array.get(i).isNumber() || !Float.isFinite(values[i])) {
        throw TensorFileException.content(
            file,
            "key '" + key + "'",
            "finite numbers",
            TensorFileException.quote(array.get(i) + ""));
      }
    }
    return values;
  }
}
