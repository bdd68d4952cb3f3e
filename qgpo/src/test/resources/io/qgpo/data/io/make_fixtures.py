"""Writes the HDF5 files of the tests here as h5py writes them (h5py 3.7, HDF5 1.10).

Usage: python3 make_fixtures.py, in this folder. The values are formulas that the test repeats.
"""

import json
import os

import h5py
import numpy as np

N = 60
row = np.arange(N)
observations = (row[:, None] + np.arange(3) / 8).astype(np.float64)
actions = ((row[:, None] * 2 + np.arange(2)) % 9 - 4) / 4
rewards = row / 2
terminals = np.isin(row, [9, 29, 39])
timeouts = np.isin(row, [19, 39])

# D4RL's layout: superblock 0, boolean enums, gzip 4, h5py's own chunks, extra groups.
with h5py.File("enum_gzip.hdf5", "w", libver="earliest") as f:
    for key, values in [
        ("observations", observations.astype(np.float32)),
        ("actions", actions.astype(np.float32)),
        ("rewards", rewards.astype(np.float32)),
        ("terminals", terminals),
        ("timeouts", timeouts),
    ]:
        f.create_dataset(key, data=values, compression="gzip", compression_opts=4)
    f.create_dataset("infos/qpos", data=observations[:, :2])
    f["metadata/algorithm"] = "formula"

# Float64, big-endian rewards of N x 1, 8-bit integers, no timeouts, newest superblock.
with h5py.File("float64.hdf5", "w", libver="latest") as f:
    f["observations"] = observations
    f["actions"] = actions
    f["rewards"] = rewards[:, None].astype(">f8")
    f["terminals"] = terminals.astype(np.uint8)
    f.create_dataset("next_observations", data=np.roll(observations, -1, axis=0), chunks=(7, 2))

# A key that is a link to another file.
with h5py.File("external_link.hdf5", "w") as f:
    f["actions"] = actions
    f["rewards"] = rewards
    f["terminals"] = terminals
    f["observations"] = h5py.ExternalLink("float64.hdf5", "/observations")

# D4RL's older files: metadata with a policy, log-probabilities, rewards of N x 1.
with h5py.File("with_policy.hdf5", "w", libver="earliest") as f:
    f["observations"] = observations.astype(np.float32)
    f["actions"] = actions.astype(np.float32)
    f["rewards"] = rewards[:, None].astype(np.float32)
    f["terminals"] = terminals.astype(np.int8)
    f["timeouts"] = timeouts.astype(np.uint8)
    f["infos/action_log_probs"] = -rewards
    f["infos/qpos"] = observations[:, :2].astype(np.float32)
    f["infos/labels"] = np.arange(N)
    f["metadata/algorithm"] = "SAC"
    f["metadata/iteration"] = 1000
    f["metadata/policy/fc0/weight"] = np.arange(6, dtype=np.float32).reshape(2, 3)
    f["metadata/policy/fc0/bias"] = np.array([0.5, -0.5])
    f["metadata/policy/nonlinearity"] = np.bytes_("relu")
    f["metadata/parents"] = np.array([3, 4])
    f["metadata/names"] = np.array([b"a", b"b"])
    f["metadata/elsewhere"] = h5py.SoftLink("/rewards")


# Minari's layout: episodes of 3, 4, 5, 3, ... steps, created out of order.
def minari(path, infos, root_attributes):
    with h5py.File(path, "w") as f:
        lengths = [3 + i % 3 for i in range(12)]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        for i in [11, 10, 2, 1, 0, 3, 4, 5, 6, 7, 8, 9]:
            rows = np.arange(starts[i], starts[i] + lengths[i] + 1)
            e = f.create_group(f"episode_{i}", track_order=True)
            e.attrs["id"] = i
            e.create_dataset(
                "observations", data=rows[:, None] + np.arange(3) / 8, chunks=True, maxshape=(None, 3)
            )
            steps = rows[:-1]
            e.create_dataset("actions", data=((steps[:, None] * 2 + np.arange(2)) % 9 - 4) / 4.0)
            e.create_dataset("rewards", data=steps / 2)
            last = np.arange(lengths[i]) == lengths[i] - 1
            e.create_dataset("terminations", data=last & (i % 3 == 0))
            e.create_dataset("truncations", data=last & (i % 3 == 1))
            if infos == "groups":
                e.create_dataset("infos/qpos", data=rows[:, None] * np.ones((1, 2)))
                e.create_dataset("infos/distance", data=steps / 4)
                if i != 5:
                    e.create_dataset("infos/sometimes", data=steps / 4)
            else:
                e.create_dataset("infos", data=["{}"] * lengths[i])
        for key, value in root_attributes.items():
            f.attrs[key] = value


os.makedirs("minari/data", exist_ok=True)
minari("minari/data/main_data.hdf5", "strings", {})
with open("minari/data/metadata.json", "w") as f:
    json.dump({"total_episodes": 12, "total_steps": 48, "data_format": "hdf5"}, f)

os.makedirs("minari_old/data", exist_ok=True)
minari(
    "minari_old/data/main_data.hdf5",
    "groups",
    {"total_episodes": 12, "total_steps": 48, "dataset_id": "door-human-v0"},
)

# Chunks of a column each, as in D4RL's files: two levels of index where there are many.
with h5py.File("column_chunks.hdf5", "w", libver="earliest") as f:
    for key, values in [
        ("observations", observations.astype(np.float32)),
        ("actions", actions.astype(np.float32)),
        ("rewards", rewards.astype(np.float32)),
        ("terminals", terminals),
        ("timeouts", timeouts),
    ]:
        chunks = (7, 1)[: values.ndim]
        f.create_dataset(key, data=values, compression="gzip", chunks=chunks)
