"""Reads weights that `qgpo export --format safetensors` wrote, with NumPy alone.

    python3 docs/read_weights.py hopper.safetensors

prints each array's name and shape, and the value that the critic gives an action of zeros in a
state of zeros. Import `read` and `q` for more.
"""

import json
import struct
import sys

import numpy as np


def read(path):
    """The arrays of a safetensors file by name, and its metadata."""
    with open(path, "rb") as file:
        (header_size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_size))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: expected F32, found {entry['dtype']} in {name}")
        start, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
    return arrays, metadata


def q(arrays, action, state, critic="q0_target"):
    """The smaller of the twin critics for rows of actions and states, as networks see them."""
    values = []
    for twin in ("q1", "q2"):
        x = np.concatenate([action, state], axis=-1)
        layer = 0
        while f"{critic}.{twin}.{layer}.weight" in arrays:
            if layer > 0:
                x = np.maximum(x, 0)
            prefix = f"{critic}.{twin}.{layer}"
            x = x @ arrays[f"{prefix}.weight"].T + arrays[f"{prefix}.bias"]
            layer += 2  # the numbers between are the activations'
        values.append(x)
    return np.minimum(*values)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    weights, about = read(sys.argv[1])
    for name, array in weights.items():
        print(name, array.shape)
    actions = weights["last.weight"].shape[0]
    states = weights["pre_sort_condition.0.dense.weight"].shape[1]
    print("q", q(weights, np.zeros((1, actions), "f4"), np.zeros((1, states), "f4"))[0, 0])
