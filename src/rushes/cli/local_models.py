"""``rushes models``: list, show, pull, verify and remove local models."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, among, settings
from rushes.cli.support.output import print_json, print_table, say

if TYPE_CHECKING:
    from rushes.local_models.overview import LocalModelView

_GB: Final = 1e9
_LOOK_EVERY_S: Final = 0.5

NAMES: Final = (
    *(
        "wan2.2-ti2v-5b",
        "fastwan2.2-ti2v-5b",
        "wan2.1-vace-1.3b",
        "wan2.1-vace-14b",
        "wan2.2-i2v-a14b",
    ),
    *("ltx-2.3-distilled", "ltx-video-13b", "flux.1-schnell", "z-image-turbo", "lumina-2"),
    *("sdxl-turbo", "lcm-dreamshaper-7", "depth-anything-v2-small"),
)
"""The names of the catalogue, for completion, which must not import it."""

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="The model's name, as in `rushes models list`.",
        autocompletion=among(*NAMES),
    ),
]
NameOrPath = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="The model's name, or the path of its folder.",
        autocompletion=among(*NAMES),
    ),
]
AcceptLicense = Annotated[
    bool,
    typer.Option("--accept-license", help="Accept the model's licence, if it must be accepted."),
]


def list_(data: Data = None, config: Config = None, json: Json = False) -> None:
    """
    List the local models: which are pulled, and which could run on this machine.

    The column "runs here" has the memory profile: resident is the fastest, group-offload the
    slowest.
    """
    from rushes.local_models.hardware import read_hardware
    from rushes.local_models.overview import overview

    folder = _folder(data, config)
    views = overview(folder, read_hardware(folder))
    if json:
        print_json([_shown(view) for view in views])
        return
    columns = ("model", "state", "size", "runs here", "licence", "makes")
    print_table(columns, [_row(view) for view in views], spare=("makes", "licence"))
    say(f"Folder: {folder}")


def show(name: NameOrPath, data: Data = None, config: Config = None, json: Json = False) -> None:
    """Show one local model: its licence, what it needs, and whether it is here."""
    from rushes.local_models.hardware import read_hardware
    from rushes.local_models.overview import view_of

    folder = _folder(data, config)
    view = view_of(folder, read_hardware(folder), name)
    if json:
        print_json(_shown(view))
        return
    rows = [(label, text) for label, text in _facts(view) if text]
    print_table(("", view.name), rows)


def pull(
    name: Name,
    accept_license: AcceptLicense = False,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Download a local model from the Hugging Face hub, or go on with an unfinished download.

    It needs the package of the hub: pip install 'rushes[local]'. A token for gated models comes
    from HF_TOKEN or `hf auth login`, another hub from HF_ENDPOINT. Files are checked against the
    hashes of the hub; the model is there when all of them are right.
    """
    from rushes.kit.clock import SystemClock
    from rushes.local_models.download import pull_model
    from rushes.local_models.hardware import read_hardware
    from rushes.local_models.overview import view_of
    from rushes.local_models.pull_state import ends_when_cancelled

    folder = _folder(data, config)
    with _progress(folder, name, shown=not json), ends_when_cancelled(folder, name):
        model = pull_model(folder, name, accept_license=accept_license, now=SystemClock().now())
    if json:
        print_json(_shown(view_of(folder, read_hardware(folder), model.name)))
        return
    say(f"{model.name} is in {model.path} ({model.size_bytes / _GB:.1f} GB).")


def verify(name: NameOrPath, data: Data = None, config: Config = None, json: Json = False) -> None:
    """
    Read every file of a model and compare it with the hashes of the hub.

    The exit status is 1 if a file is missing or damaged. Of a folder that was not pulled, the
    parts are checked only.
    """
    from rushes.cli.support.progress import progress
    from rushes.local_models.folder import find_model, verify_model

    model = find_model(_folder(data, config), name)
    with progress(f"verifying {model.name}", shown=not json) as report:
        problems = verify_model(model, report)
    if json:
        print_json({"name": model.name, "path": model.path, "problems": problems})
    elif not problems:
        how = "every file is as on the hub" if model.manifest else "every part is there"
        say(f"{model.name}: {how}.")
    else:
        for problem in problems:
            say(f"{model.name}: {problem}")
    if problems:
        raise typer.Exit(ExitCode.FAILED)


def rm(name: Name, data: Data = None, config: Config = None, json: Json = False) -> None:
    """Delete a local model, and what an unfinished download left of it."""
    from rushes.local_models.folder import remove_model

    folder = _folder(data, config)
    if "/" in name:
        raise CommandError(f"{name} is a path; only models in {folder} are deleted", ExitCode.USAGE)
    freed_bytes = remove_model(folder, name)
    if json:
        print_json({"name": name, "freed_bytes": freed_bytes})
        return
    say(f"{name} is deleted; {freed_bytes / _GB:.1f} GB are free again.")


def _folder(data: Data, config: Config) -> Path:
    from rushes.bootstrap.local_models import models_folder

    return models_folder(settings(data, config))


@contextmanager
def _progress(folder: Path, name: str, *, shown: bool) -> Generator[None]:
    """Show how much of a model has arrived, while the block downloads it."""
    from rushes.cli.support.progress import progress
    from rushes.local_models.pull_state import read_pull

    over = threading.Event()
    with progress(f"pulling {name}", shown=shown) as report:

        def watch() -> None:
            while not over.wait(_LOOK_EVERY_S):
                found = read_pull(folder, name)
                if found is not None and found.total_bytes:
                    share = min(found.done_bytes / found.total_bytes, 1.0)
                    done_gb, total_gb = found.done_bytes / _GB, found.total_bytes / _GB
                    report(share, f"{done_gb:.1f} of {total_gb:.1f} GB")

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def _row(view: "LocalModelView") -> tuple[object, ...]:
    entry, installed = view.entry, view.installed
    size_gb = installed.size_bytes / _GB if installed else entry.download_gb if entry else 0
    return (
        view.name,
        state_of(view),
        f"{size_gb:.1f} GB",
        (view.fit.profile or "no") if view.fit else "-",
        entry.licence.name if entry else "-",
        entry.makes if entry else view.family,
    )


def state_of(view: "LocalModelView") -> str:
    """Return the state of a local model in a word or two."""
    if view.installed:
        return "pulled" if view.installed.manifest else "here"
    if view.pull is None:
        return "-"
    total_bytes = view.pull.total_bytes
    share = f" {view.pull.done_bytes / total_bytes:.0%}" if total_bytes else ""
    return f"{view.pull.status}{share}"


def _facts(view: "LocalModelView") -> tuple[tuple[str, str | None], ...]:
    entry, installed, pulled = view.entry, view.installed, view.pull
    own = (
        ("state", state_of(view)),
        ("folder", str(installed.path) if installed else None),
        ("error", pulled.error if pulled else None),
        ("family", view.family or "none of this release"),
    )
    if entry is None:
        return own
    needs = entry.memory
    profiles = (
        f"resident {needs.resident_gb:g} GB, model-offload {needs.model_offload_gb:g} GB,"
        f" group-offload {needs.group_offload_gb:g} GB"
    )
    licence = entry.licence
    return (
        ("title", entry.title),
        ("makes", entry.makes),
        *own,
        ("runs here", f"{view.fit.profile or 'no'}: {view.fit.reason}" if view.fit else None),
        ("gpu memory", profiles + (", or no GPU" if needs.runs_on_cpu else "")),
        ("main memory", f"{needs.ram_gb:g} GB with offload"),
        ("from", needs.source),
        ("download", f"about {entry.download_gb:g} GB"),
        ("repository", f"https://huggingface.co/{entry.repository}"),
        ("unverified", entry.unverified),
        ("licence", f"{licence.name}, {licence.url}"),
        ("", licence.note),
        ("", "pull it with --accept-license" if licence.must_accept else None),
    )


def _shown(view: "LocalModelView") -> dict[str, object]:
    entry, installed = view.entry, view.installed
    manifest = installed.manifest if installed else None
    return {
        "name": view.name,
        "family": view.family,
        "state": state_of(view),
        "path": installed.path if installed else None,
        "size_bytes": installed.size_bytes if installed else None,
        "commit": manifest.commit if manifest else None,
        "pulled_at": manifest.pulled_at if manifest else None,
        "pull": view.pull,
        "fit": view.fit,
        "title": entry.title if entry else None,
        "makes": entry.makes if entry else None,
        "repository": entry.repository if entry else None,
        "licence": entry.licence if entry else None,
        "download_gb": entry.download_gb if entry else None,
        "memory": entry.memory if entry else None,
        "unverified": entry.unverified if entry else None,
    }
