"""Folders of models for tests: a few bytes in the format of diffusers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rushes.local_models.folder import MANIFEST, FileRecord, Manifest, digest_of

PULLED_AT = datetime(2026, 11, 29, 12, tzinfo=UTC)

PIPELINE: Mapping[str, bytes] = {
    "model_index.json": json.dumps(
        {
            "_class_name": "WanPipeline",
            "_diffusers_version": "0.35.0",
            "expand_timesteps": True,
            "image_encoder": [None, None],
            "transformer": ["diffusers", "WanTransformer3DModel"],
        }
    ).encode(),
    "transformer/config.json": b"{}",
    "transformer/diffusion_pytorch_model.safetensors": bytes(range(256)) * 8,
}
"""The files of a pipeline of Wan 2.2 TI2V 5B, without real weights."""


def write_files(folder: Path, files: Mapping[str, bytes] = PIPELINE) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def write_pulled(folder: Path, name: str = "wan2.2-ti2v-5b") -> Path:
    """Write a model as a finished pull leaves it."""
    path = write_files(folder / name)
    files = {
        one: FileRecord(
            size_bytes=len(content), algorithm="sha256", digest=digest_of(path / one, "sha256")
        )
        for one, content in PIPELINE.items()
    }
    manifest = Manifest(
        name=name,
        family="wan2.2-ti2v",
        repository="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        commit="a" * 40,
        licence="Apache-2.0",
        pulled_at=PULLED_AT,
        files=files,
    )
    (path / MANIFEST).write_text(manifest.to_json())
    return path
