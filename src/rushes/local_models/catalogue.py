"""
List the models with open weights that the server can pull and run on this machine.

Sources, as of November 2026: the existence and the layout of each repository come from pages of
the hub that a search engine had stored, because no network was at hand; :attr:`unverified` says
what could not be confirmed there. A pull asks the hub for the real size before it starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import ceil
from typing import Final

from rushes.core.errors import NotFound
from rushes.kit.quoting import quoted

PIPELINE_FILES: Final = (
    "model_index.json",
    *("*/*.json", "*/*.safetensors"),
    *("*/*.txt", "*/*.model", "*/*.jinja"),  # of tokenizers
)
"""The files of a repository in the format of diffusers: components in folders, no pickles."""

TRANSFORMERS_FILES: Final = ("config.json", "preprocessor_config.json", "model.safetensors")
"""The files of a repository with one model for transformers."""

LICENCE_FILES: Final = ("LICENSE*", "License*", "*license*.txt")
UNWANTED_FILES: Final = ("*.fp16.*", "*.non_ema.*", "*/openvino_*", "*.onnx", "*.msgpack")
"""Second copies of the same weights."""

TEXT_TO_IMAGE: Final = "text-to-image"
DEPTH: Final = "depth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The licence of a model's weights."""

    name: str
    url: str
    note: str = ""
    """What an operator should know before accepting it."""

    must_accept: bool = False
    """Whether the operator must accept it explicitly before the model is pulled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeeds:
    """The memory that a model needs with each memory profile, in GB of 10^9 bytes."""

    resident_gb: float
    """GPU memory with every component on the GPU."""

    model_offload_gb: float
    """GPU memory with one component at a time on the GPU."""

    group_offload_gb: float
    """GPU memory with a few layers at a time on the GPU."""

    ram_gb: float
    """Main memory with either kind of offload: it holds all weights."""

    source: str
    """The origin of the numbers."""

    runs_on_cpu: bool = False
    """Whether the model is small enough for a machine without a GPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueModel:
    """A model that can be pulled."""

    name: str
    title: str
    family: str
    """The family that renders it: ``wan2.2-ti2v``, ``ltx``, ``text-to-image``, ``depth``..."""

    repository: str
    """``owner/name`` on the Hugging Face hub."""

    makes: str
    licence: Licence
    download_gb: float
    """The approximate size of the files in GB of 10^9 bytes."""

    memory: MemoryNeeds
    page: str
    """The page about it, below ``docs/local-models``."""

    files: tuple[str, ...] = field(default=PIPELINE_FILES)
    """Patterns of the files to download."""

    unverified: str = ""
    """What could not be confirmed about the repository."""


_APACHE: Final = Licence(name="Apache-2.0", url="https://www.apache.org/licenses/LICENSE-2.0")
_MIT: Final = Licence(
    name="MIT",
    url="https://huggingface.co/SimianLuo/LCM_Dreamshaper_v7",
    note="Distilled from a Stable Diffusion 1.5 checkpoint, whose CreativeML OpenRAIL-M licence"
    " restricts some uses.",
)
_LTX_2: Final = Licence(
    name="LTX-2.x Community",
    url="https://github.com/Lightricks/LTX-2/blob/main/LICENSE-2_x",
    note="Companies with a yearly revenue of 10 million US dollars or more need a paid licence;"
    " some uses are forbidden; provenance marks must stay.",
    must_accept=True,
)
_LTX_VIDEO: Final = Licence(
    name="LTX-Video Open Weights 0.X",
    url="https://huggingface.co/Lightricks/LTX-Video/blob/main/LTX-Video-Open-Weights-License-0.X.txt",
    note="Some uses are forbidden, and commercial use has conditions: read it.",
    must_accept=True,
)
_STABILITY_NC: Final = Licence(
    name="Stability AI Non-Commercial Research Community",
    url="https://huggingface.co/stabilityai/sdxl-turbo",
    note="It forbids commercial use; that needs another licence of Stability AI.",
    must_accept=True,
)

WORKING_GIB: Final = 8
"""What a clip needs beside the weights. The worker chooses a memory profile with the same room."""

DRAWING_GIB: Final = 3
"""What a picture needs beside the weights."""


def _needs(
    *,
    weights_gb: float,
    largest_gb: float,
    group_offload_gb: float,
    ram_gb: float,
    room_gib: int = WORKING_GIB,
    published: str = "",
    runs_on_cpu: bool = False,
) -> MemoryNeeds:
    """
    Return what a model needs.

    Args:
        weights_gb: The size of all components as bfloat16.

        largest_gb: The size of the largest component.

        room_gib: What it needs beside the weights.

        published: What others report, with the source.
    """
    room_gb = room_gib * (1 << 30) / 1e9
    source = f"computed: the weights as bfloat16 and {room_gb:.1f} GB beside them"
    return MemoryNeeds(
        resident_gb=ceil(weights_gb + room_gb),
        model_offload_gb=ceil(largest_gb + room_gb),
        group_offload_gb=group_offload_gb,
        ram_gb=ram_gb,
        source=f"{source}; group-offload: estimated" + (f"; {published}" if published else ""),
        runs_on_cpu=runs_on_cpu,
    )


_SIZE: Final = "the total size"

MODELS: Final = (
    CatalogueModel(
        name="wan2.2-ti2v-5b",
        title="Wan 2.2 TI2V 5B",
        family="wan2.2-ti2v",
        repository="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        makes="video from text or a first image, 720p",
        licence=_APACHE,
        download_gb=34,
        memory=_needs(
            weights_gb=24.2,
            largest_gb=11.4,
            group_offload_gb=12,
            ram_gb=32,
            published="the README of Wan 2.2 says 24 GB with offload, SGLang's CI 53 GB without",
        ),
        page="wan2.2-ti2v.md",
        unverified=_SIZE,
    ),
    CatalogueModel(
        name="fastwan2.2-ti2v-5b",
        title="FastWan 2.2 TI2V 5B",
        family="wan2.2-ti2v",
        repository="FastVideo/FastWan2.2-TI2V-5B-FullAttn-Diffusers",
        makes="video from text or a first image, 720p, 3 steps",
        licence=_APACHE,
        download_gb=34,
        memory=_needs(weights_gb=24.2, largest_gb=11.4, group_offload_gb=12, ram_gb=32),
        page="wan2.2-ti2v.md",
        unverified="the total size, which is that of the model it was distilled from; whether it"
        " was trained for first images",
    ),
    CatalogueModel(
        name="wan2.1-vace-1.3b",
        title="Wan 2.1 VACE 1.3B",
        family="wan2.1-vace",
        repository="Wan-AI/Wan2.1-VACE-1.3B-diffusers",
        makes="video from text, first and last images, loops, extensions, 480p",
        licence=_APACHE,
        download_gb=20,
        memory=_needs(weights_gb=16.2, largest_gb=11.4, group_offload_gb=8, ram_gb=24),
        page="wan2.1-vace.md",
        unverified=_SIZE,
    ),
    CatalogueModel(
        name="wan2.1-vace-14b",
        title="Wan 2.1 VACE 14B",
        family="wan2.1-vace",
        repository="Wan-AI/Wan2.1-VACE-14B-diffusers",
        makes="video from text, first and last images, loops, extensions, 720p",
        licence=_APACHE,
        download_gb=81,
        memory=_needs(weights_gb=46.6, largest_gb=34.7, group_offload_gb=16, ram_gb=64),
        page="wan2.1-vace.md",
        unverified="the total size, which is that of another conversion of the same weights",
    ),
    CatalogueModel(
        name="wan2.2-i2v-a14b",
        title="Wan 2.2 I2V A14B",
        family="wan2.2-i2v",
        repository="Wan-AI/Wan2.2-I2V-A14B-Diffusers",
        makes="video from a first image, or a first and a last image, 720p",
        licence=_APACHE,
        download_gb=126,
        memory=_needs(
            weights_gb=69.1,
            largest_gb=28.6,
            group_offload_gb=16,
            ram_gb=96,
            published="the README of Wan 2.2 says 80 GB with offload, the documentation of"
            " diffusers 13 GB with group offload for a model of 14B",
        ),
        page="wan2.2-i2v.md",
        unverified=_SIZE,
    ),
    CatalogueModel(
        name="ltx-2.3-distilled",
        title="LTX-2.3 22B distilled",
        family="ltx2",
        repository="diffusers/LTX-2.3-Distilled-Diffusers",
        makes="video from text, first and last images, loops, extensions, 720p, up to 20 s",
        licence=_LTX_2,
        download_gb=95,
        memory=_needs(
            weights_gb=71,
            largest_gb=44,
            group_offload_gb=20,
            ram_gb=80,
            published="SGLang's CI uses 48 to 60 GB on an H100",
        ),
        page="ltx2.md",
        unverified="the total size, which a user reported for an earlier copy; whether it is gated",
    ),
    # Lightricks/LTX-2.5-Diffusers is gated, and it could not be confirmed that its weights are the
    # distilled ones, which the family expects, so it is not listed here. A path to it works.
    CatalogueModel(
        name="ltx-video-13b",
        title="LTX-Video 0.9.8 13B distilled",
        family="ltx",
        repository="Lightricks/LTX-Video-0.9.8-13B-distilled",
        makes="video from text, first and last images, loops, extensions, 720p, up to 10 s",
        licence=_LTX_VIDEO,
        download_gb=48,
        memory=_needs(weights_gb=38.1, largest_gb=26.1, group_offload_gb=12, ram_gb=48),
        page="ltx.md",
        unverified="the total size; the licence of this repository, which is that of the others",
    ),
    # The 2B checkpoint of LTX-Video 0.9.8 is one file, ltxv-2b-0.9.8-distilled.safetensors, in
    # Lightricks/LTX-Video. No repository with it in folders was found, so it is not listed here.
    CatalogueModel(
        name="flux.1-schnell",
        title="FLUX.1 schnell 12B",
        family=TEXT_TO_IMAGE,
        repository="black-forest-labs/FLUX.1-schnell",
        makes="pictures and keyframes from text, 4 steps",
        licence=_APACHE,
        download_gb=34,
        memory=_needs(
            room_gib=DRAWING_GIB, weights_gb=33.7, largest_gb=23.8, group_offload_gb=8, ram_gb=40
        ),
        page="text-to-image.md",
        unverified="whether it is gated",
    ),
    CatalogueModel(
        name="z-image-turbo",
        title="Z-Image Turbo 6B",
        family=TEXT_TO_IMAGE,
        repository="Tongyi-MAI/Z-Image-Turbo",
        makes="pictures and keyframes from text, 8 steps",
        licence=_APACHE,
        download_gb=33,
        memory=_needs(
            room_gib=DRAWING_GIB, weights_gb=20.5, largest_gb=12.3, group_offload_gb=8, ram_gb=24
        ),
        page="text-to-image.md",
        unverified=_SIZE,
    ),
    CatalogueModel(
        name="lumina-2",
        title="Lumina Image 2.0 2.6B",
        family=TEXT_TO_IMAGE,
        repository="Alpha-VLLM/Lumina-Image-2.0",
        makes="pictures and keyframes from text, 30 steps",
        licence=_APACHE,
        download_gb=21,
        memory=_needs(
            room_gib=DRAWING_GIB, weights_gb=10.6, largest_gb=5.2, group_offload_gb=6, ram_gb=16
        ),
        page="text-to-image.md",
        unverified="the size of the text encoder",
    ),
    CatalogueModel(
        name="sdxl-turbo",
        title="SDXL Turbo",
        family=TEXT_TO_IMAGE,
        repository="stabilityai/sdxl-turbo",
        makes="pictures and keyframes from text, 1 to 4 steps, 512 pixels",
        licence=_STABILITY_NC,
        download_gb=14,
        memory=_needs(
            room_gib=DRAWING_GIB, weights_gb=7.0, largest_gb=5.1, group_offload_gb=4, ram_gb=16
        ),
        page="text-to-image.md",
    ),
    CatalogueModel(
        name="lcm-dreamshaper-7",
        title="LCM Dreamshaper 7, Stable Diffusion 1.5",
        family=TEXT_TO_IMAGE,
        repository="SimianLuo/LCM_Dreamshaper_v7",
        makes="pictures and keyframes from text, 4 to 8 steps, also without a GPU",
        licence=_MIT,
        download_gb=5.5,
        memory=_needs(
            room_gib=DRAWING_GIB,
            weights_gb=2.7,
            largest_gb=1.7,
            group_offload_gb=3,
            ram_gb=8,
            runs_on_cpu=True,
        ),
        page="text-to-image.md",
    ),
    CatalogueModel(
        name="depth-anything-v2-small",
        title="Depth Anything V2 Small",
        family=DEPTH,
        repository="depth-anything/Depth-Anything-V2-Small-hf",
        makes="the depth of a picture, for camera moves through it, also without a GPU",
        licence=_APACHE,
        download_gb=0.1,
        memory=MemoryNeeds(
            resident_gb=1,
            model_offload_gb=1,
            group_offload_gb=1,
            ram_gb=2,
            source="estimated from the size of the weights",
            runs_on_cpu=True,
        ),
        page="depth.md",
        files=TRANSFORMERS_FILES,
    ),
)
"""Every model of the catalogue: videos first, then pictures, then depth."""

_BY_NAME: Final[Mapping[str, CatalogueModel]] = {model.name: model for model in MODELS}


def is_wanted(model: CatalogueModel, file: str) -> bool:
    """Return whether the *file* of a repository, by its path, belongs to what a pull downloads."""
    wanted = any(fnmatchcase(file, pattern) for pattern in (*model.files, *LICENCE_FILES))
    return wanted and not any(fnmatchcase(file, pattern) for pattern in UNWANTED_FILES)


def catalogue_model(name: str) -> CatalogueModel:
    """Return a model of the catalogue. Raises NotFound: There is none with this name."""
    if (model := _BY_NAME.get(name.strip().lower())) is None:
        known = ", ".join(_BY_NAME)
        raise NotFound(f"there is no local model {quoted(name)}; there are {known}")
    return model
