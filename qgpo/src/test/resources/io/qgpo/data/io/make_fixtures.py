"""Writes the HDF5 files of D4rlReaderTest as h5py writes them (h5py 3.7, HDF5 1.10).

Usage: python3 make_fixtures.py, in this folder. The values are formulas that the test repeats.
"""

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
