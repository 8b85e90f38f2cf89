"""Make the channels of local models: those that are configured, and those of pulled models."""

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rushes.bootstrap.local_models import models_folder
from rushes.core.errors import LocalModelError, NotFound, SettingsError
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Channel, Engine
from rushes.engines.isolated import IsolatedEngine
from rushes.engines.local.checkpoint import checkpoint_family, checkpoint_sampling
from rushes.engines.local.depth import DepthModel
from rushes.engines.local.engine import LocalEngine
from rushes.engines.local.families import FAMILIES
from rushes.engines.local.keyframe_engine import KeyframeEngine, KeyframeParts
from rushes.engines.local.measured_engine import MeasuredEngine
from rushes.engines.local.messages import Device, LoraFile, ModelToLoad
from rushes.engines.local.picture_families import FAMILY as PICTURES
from rushes.engines.local.picture_families import picture_family, picture_sampling
from rushes.engines.local.shared_device import SharedDevice
from rushes.engines.local.worker_child import WorkerCommand, worker_environment
from rushes.engines.local.worker_process import WorkerLimits, WorkerProcess
from rushes.local_models.catalogue import DEPTH, MODELS, catalogue_model
from rushes.local_models.folder import InstalledModel, find_model, installed_models
from rushes.local_models.hardware import GB, read_hardware, runnable
from rushes.service.catalogue import DEFAULT_MODEL, PICTURE_MODELS
from rushes.settings import ChannelSettings, Settings

_PREFERRED: Final = ("ltx2", "wan2.2-ti2v", "ltx", "wan2.2-i2v", "wan2.1-vace")
"""The families, best first, for the default model; the next one makes what the first cannot."""

_LIBRARIES: Final = ("torch", "diffusers")


@dataclass(frozen=True, slots=True)
class LocalChannels:
    """Makes the channels of local models; those on one device take turns."""

    settings: Settings
    has_worker: bool = True
    """Whether this process makes generations; otherwise it needs no model of the catalogue."""

    _pulled: dict[str, LocalEngine | KeyframeEngine] = field(
        default_factory=dict[str, LocalEngine | KeyframeEngine]
    )
    """The engines of pulled models, so that a model keeps its engine while others come and go."""

    _devices: dict[str, SharedDevice] = field(default_factory=dict[str, SharedDevice])

    def configured(self, name: str, one: ChannelSettings) -> Channel:
        """
        Return the channel that the settings describe.

        Raises:
            SettingsError: There is no such model here, or no family can load it.
        """
        problem = model_problem(one, self.settings)
        if problem is None:
            folder = models_folder(self.settings)
            model = find_model(folder, str(one.model))
            return self._channel(name, one, self.engine(name, one, model))
        if not self._works(name) and (absent := self._absent(one)) is not None:
            return self._channel(name, one, self.engine(name, one, absent))
        raise SettingsError(f"channels.{name}.model: {problem}")

    def _works(self, name: str) -> bool:
        """Return whether this process makes the generations of a channel."""
        only = self.settings.worker.channels
        return self.has_worker and (not only or name in only)

    def _absent(self, one: ChannelSettings) -> InstalledModel | None:
        """Return a model of the catalogue that is on another node; None: the name is unknown."""
        try:
            known = catalogue_model(str(one.model))
        except NotFound:
            return None
        if known.family not in {*FAMILIES, PICTURES}:
            return None
        path = models_folder(self.settings) / known.name
        return InstalledModel(name=known.name, path=path, family=known.family, size_bytes=0)

    def pulled(self, served: Collection[str]) -> Iterator[Channel]:
        """
        Yield channels with the pulled models that can run here.

        Models of videos make the default model. Models of pictures make the models of stills; the
        default model only where no model of videos can run. There are none if the server's
        environment has no torch.

        Args:
            served: The models that configured channels serve.
        """
        if not _has_libraries():
            return
        folder = models_folder(self.settings)
        here = {model.name: model for model in installed_models(folder)}
        if not any(model.family in {*FAMILIES, PICTURES} for model in here.values()):
            return
        usable = [here[one.name] for one, _ in runnable(read_hardware(folder)) if one.name in here]
        for model, wanted in pulled_models(usable, served):
            rank = _PREFERRED.index(model.family) if model.family in _PREFERRED else 0
            one = ChannelSettings(
                kind="local",
                models=dict.fromkeys(wanted, model.name),
                model=model.name,
                priority=-rank,
                concurrency=1,
                refunds_cancelled=True,
            )
            engine = self._pulled.get(model.name) or self.engine(model.name, one, model)
            self._pulled[model.name] = engine
            yield self._channel(model.name, one, engine)
        for name in self._pulled.keys() - here.keys():
            del self._pulled[name]

    def engine(
        self, name: str, one: ChannelSettings, model: InstalledModel
    ) -> LocalEngine | KeyframeEngine:
        """
        Return the engine of a channel; its worker starts with the first job.

        Raises:
            SettingsError: The model cannot make what the settings say.
        """
        known = FAMILIES.get(model.family or "")
        if one.sound and not (known and known.sound):
            raise SettingsError(f"channels.{name}.sound: {model.name} makes no sound; leave it out")
        worker = self._worker(name, one, _to_load(one, model))
        if model.family == PICTURES:
            return self._keyframe_engine(one, model, worker)
        family = checkpoint_family(model.family or "", model.path)
        sampling = checkpoint_sampling(family, model.name, steps=one.steps, guidance=one.guidance)
        return LocalEngine(model.name, family, worker, sampling=sampling, sound=one.sound)

    def measured(self, animatic: Engine) -> Engine:
        """Return the animatic engine with a depth model, where one is pulled, on the CPU."""
        if not _has_libraries():
            return animatic
        one = ChannelSettings(kind="local", models={"depth": "depth"}, device="cpu")
        worker = self._worker("depth", one, None, SharedDevice())
        return MeasuredEngine(animatic, worker, partial(self._depth, worker, "cpu"))

    def _depth(self, worker: WorkerProcess, device: Device) -> DepthModel | None:
        """Return a pulled depth model, if there is one now."""
        found = pulled_depth_model(self.settings)
        if found is None:
            return None
        return DepthModel(folder=found.path, title=_title(found), worker=worker, device=device)

    def _keyframe_engine(
        self, one: ChannelSettings, model: InstalledModel, worker: WorkerProcess
    ) -> KeyframeEngine:
        family = picture_family(model.name, model.path)
        parts = KeyframeParts(
            worker=worker,
            camera=camera(self.settings, model.name),
            find_depth=partial(self._depth, worker, "auto"),
        )
        sampling = picture_sampling(family, steps=one.steps, guidance=one.guidance)
        return KeyframeEngine(model.name, family, parts, sampling=sampling)

    def _worker(
        self,
        name: str,
        one: ChannelSettings,
        model: ModelToLoad | None,
        device: SharedDevice | None = None,
    ) -> WorkerProcess:
        kind, _, number = one.device.partition(":")
        return WorkerProcess(
            WorkerCommand(
                python=one.python or Path(sys.executable),
                environ=worker_environment(
                    os.environ,  # noqa: TID251  # it holds no settings; a part is passed on
                    gpu=int(number) if number else None,
                ),
            ),
            model,
            limits=WorkerLimits(idle_s=one.idle_unload_s),
            device=device
            or self._devices.setdefault("cpu" if kind == "cpu" else number or "0", SharedDevice()),
            name=name,
        )

    def _channel(self, name: str, one: ChannelSettings, engine: Engine) -> Channel:
        return Channel(
            name=name,
            engine=engine,
            models=one.models,
            priority=one.priority,
            weight=one.weight,
            concurrency=one.concurrency or 1,
            price=one.price_micro,
            refunds_cancelled=one.refunds_cancelled,
            render_timeout_s=one.deadline_s,
        )


async def worker_report(settings: Settings, name: str) -> str:
    """
    Start the worker of a local channel without its model, and say what it found.

    Raises:
        EngineError: It cannot be started, or lacks a library.

        SettingsError: The channel's model is not there.
    """
    one = settings.channels[name]
    if problem := model_problem(one, settings):
        raise SettingsError(problem)
    model = find_model(models_folder(settings), str(one.model))
    ready = await LocalChannels(settings).engine(name, one, model).probe()
    libraries = ", ".join(f"{library} {version}" for library, version in ready.versions.items())
    memory = f", {ready.free_bytes / GB:.0f} of {ready.total_bytes / GB:.0f} GB free"
    return (
        f"{libraries or 'it starts'}; {ready.device_name or ready.device}"
        f"{memory if ready.total_bytes else ''}"
    )


def model_problem(one: ChannelSettings, settings: Settings) -> str | None:
    """Return why a channel's local model cannot be used, if it cannot."""
    try:
        model = find_model(models_folder(settings), str(one.model))
    except (NotFound, LocalModelError) as error:
        return str(error)
    able = (*FAMILIES, PICTURES)
    if model.family in able:
        return None
    what = f"makes no videos: it is for {model.family}" if model.family else "is of no known family"
    return f"{one.model} {what}; the families of channels are {', '.join(able)}"


def pulled_models(
    usable: Sequence[InstalledModel], served: Collection[str]
) -> Iterator[tuple[InstalledModel, tuple[str, ...]]]:
    """
    Yield each pulled model that makes something, with the models of the APIs that it makes.

    Args:
        usable: The pulled models that can run here, in order of preference.

        served: The models that configured channels serve.
    """
    has_videos = any(model.family in FAMILIES for model in usable)
    has_pictures = False
    for model in usable:
        names: tuple[str, ...] = ()
        if model.family in FAMILIES:
            names = (DEFAULT_MODEL,)
        elif model.family == PICTURES and not has_pictures:  # one of them: they take the same work
            names = PICTURE_MODELS if has_videos else (*PICTURE_MODELS, DEFAULT_MODEL)
            has_pictures = True
        if wanted := tuple(name for name in names if name not in served):
            yield model, wanted


def camera(settings: Settings, model: str) -> Engine:
    """Return the animatic engine that moves the pictures of *model*, whose videos say so."""
    options: dict[str, object] = {
        "threads": settings.animatic.threads,
        "label": {
            "engine": model,
            "comment": f"Drawn by the model {model}; the animatic engine moved the camera.",
        },
    }
    return IsolatedEngine(AnimaticEngine(threads=settings.animatic.threads), options)


def pulled_depth_model(settings: Settings) -> InstalledModel | None:
    """Return a depth model in the folder of models, if there is one."""
    models = installed_models(models_folder(settings))
    return next((model for model in models if model.family == DEPTH), None)


def _title(model: InstalledModel) -> str:
    """Return the name of a model for callers."""
    return next((one.title for one in MODELS if one.name == model.name), model.name)


def _has_libraries() -> bool:
    return all(map(find_spec, _LIBRARIES))


def _to_load(one: ChannelSettings, model: InstalledModel) -> ModelToLoad:
    kind = one.device.partition(":")[0]
    return ModelToLoad(
        family=model.family or "",
        folder=model.path.absolute(),
        dtype="float32" if kind == "cpu" else "bfloat16",
        device="cpu" if kind == "cpu" else "cuda" if kind == "cuda" else "auto",
        memory=one.memory,
        attention=one.attention,
        compile=one.compile,
        cache_threshold=one.cache_threshold,
        loras=tuple(
            LoraFile(path=lora.file, strength=lora.strength, expert=lora.expert)
            for lora in one.loras
        ),
        quantisation=one.quantisation,
    )
