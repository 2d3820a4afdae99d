"""Weights in files: safetensors, and what `torch.save` made of a state_dict. A file is data from a stranger: nothing in it is run."""

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load as load_safetensors
from safetensors.numpy import save as save_safetensors

from landscape.nets.weights import Layout
from landscape.problem import Array

LARGEST = 20_000_000  # bytes
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")  # of batch norm: not weights, and made anew from the data


def save(path: Path | str, layout: Layout, weights: Array, about: Mapping[str, str] | None = None, dtype: Any = np.float64) -> None:
    """Write weights (n,) as safetensors: the layout's names and shapes, and `about` as the file's metadata."""
    tensors = {name: np.ascontiguousarray(tensor, dtype=dtype) for name, tensor in layout.named(np.asarray(weights, float)).items()}
    Path(path).write_bytes(save_safetensors(tensors, dict(about or {})))


def load(source: Path | str | bytes, layout: Layout) -> Array:
    """The weights, float64 (n,), of a file or of its content. Raises ValueError for one that is damaged, hostile, or of another net."""
    return layout.flat({name: tensor for name, tensor in tensors(source).items() if name.rpartition(".")[2] not in STATISTICS})


def tensors(source: Path | str | bytes) -> dict[str, Array]:
    """The tensors of a file, by name. Raises ValueError where it is none that can be trusted or read."""
    if not isinstance(source, bytes):
        if Path(source).stat().st_size > LARGEST:
            raise ValueError(f"The file is larger than {LARGEST // 1_000_000} MB: weights of a small net take less.")
        source = Path(source).read_bytes()
    if len(source) > LARGEST:
        raise ValueError(f"The file is larger than {LARGEST // 1_000_000} MB: weights of a small net take less.")
    try:
        found = (
            _from_torch(source)
            if source[:2] == b"PK"
            else {k: np.asarray(v, dtype=np.float64) for k, v in load_safetensors(source).items()}
        )
    except Exception as reason:  # noqa: BLE001 - damaged or hostile bytes raise whatever the reader trips over
        raise ValueError(
            "The file cannot be read as weights: give safetensors, or a state_dict of dense tensors written by torch.save. "
            f"({type(reason).__name__})"
        ) from None
    return found


def about(source: Path | str) -> dict[str, str]:
    """The metadata of a safetensors file that this module wrote."""
    content = Path(source).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    found: dict[str, str] = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    return found


def _from_torch(content: bytes) -> dict[str, Array]:
    """`weights_only` runs no code of the pickle; what it may still ask for is memory, so sizes are looked at first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
            raise ValueError("too large when unpacked")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    if not isinstance(state, Mapping):
        raise ValueError("no state_dict")
    found = {}
    for name, tensor in state.items():
        dense = isinstance(name, str) and isinstance(tensor, torch.Tensor) and tensor.layout == torch.strided and not tensor.is_quantized
        if not dense or tensor.numel() * tensor.element_size() > LARGEST:
            raise ValueError("no dense tensors of a small net")
        found[name] = tensor.detach().double().numpy()
    return found
