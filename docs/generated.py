"""Write the parts of the pages that come from the code; ``make docs`` runs it."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import partial
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path
from typing import Final, get_args, get_type_hints

from pydantic import SecretStr
from typer.core import TyperArgument, TyperGroup, TyperOption

from rushes.cli.commands import root
from rushes.cli.support.exit_codes import ExitCode
from rushes.cli.support.lazy import LazyCommand
from rushes.core import errors, transitions
from rushes.core.capabilities import Capabilities
from rushes.core.generation import State
from rushes.engines.local.families import FAMILIES, VideoFamily
from rushes.engines.local.picture_families import PIPELINES, picture_family
from rushes.http.problems import problem
from rushes.local_models.catalogue import DEPTH, MODELS, TEXT_TO_IMAGE
from rushes.settings import CHANNELS, ChannelSettings, Settings, variable
from rushes.settings.channel_kinds import KIND_RULES

DOCS: Final = Path(__file__).parent
SOURCE: Final = DOCS.parent / "src" / "rushes"
_REGION: Final = re.compile(r"(<!-- made from the code: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def lifecycle_table() -> Iterator[str]:
    yield "| from | what happens | to | because | leaves the event |"
    yield "|---|---|---|---|---|"
    yield "| - | submit | queued | a caller asked | `generation.queued` |"
    for (before, trigger), after in transitions.TRANSITIONS.items():
        event = transitions.EVENTS[trigger]
        webhook = ", webhook" if event in transitions.ANNOUNCED else ""
        meaning = transitions.MEANINGS[trigger]
        yield f"| {before} | {trigger} | {after} | {meaning} | `{event}`{webhook} |"
    yield ""
    final = ", ".join(str(state) for state in State if state.is_final)
    yield f"Final states: {final}. Nothing leaves them, but a completed one may expire."


def settings_headings() -> Iterator[str]:
    for top in fields(Settings):
        default = top.default_factory() if callable(top.default_factory) else top.default
        if top.name == CHANNELS:
            continue  # they have a part of their own
        if not is_dataclass(default):
            yield from _setting("", top.name, Settings, f"`{Path(str(default)).name}`")
            continue
        yield f"## [{top.name}]"
        yield ""
        yield _whole(type(default).__doc__)
        yield ""
        for field in fields(default):
            shown = _shown(getattr(default, field.name))
            if callable(field.default_factory):
                shown = "depends on the machine"
            yield from _setting(f"{top.name}.", field.name, type(default), shown)


def _setting(group: str, name: str, owner: type, default: str) -> Iterator[str]:
    yield f"### {group}{name}"
    yield ""
    yield f"Default: {default}. Variable: `{variable(group + name)}`."
    yield ""
    yield _described(owner, name)
    yield ""


def _described(owner: type, name: str) -> str:
    return _whole(getattr(owner, "__pydantic_fields__")[name].description)  # noqa: B009  # pydantic adds it


def channel_headings() -> Iterator[str]:
    yield _whole(ChannelSettings.__doc__)
    yield ""
    for field in fields(ChannelSettings):
        yield f"### channels.NAME.{field.name}"
        yield ""
        if field.name not in {"kind", "models"}:  # which have none
            yield f"Default: {_default_of(field.name, field.default)}."
            yield ""
        yield _described(ChannelSettings, field.name)
        yield ""
    yield "## Capabilities: [channels.NAME.can]"
    yield ""
    yield "What is not here stays as the kind has it."
    yield ""
    yield "| field | takes | means |"
    yield "|---|---|---|"
    described = _field_docs(Capabilities)
    for name, kind in get_type_hints(Capabilities).items():
        meaning = re.sub(r"\s+", " ", CAN_MEAN.get(name, described.get(name, ""))).replace(
            "``", "`"
        )
        yield f"| `{name}` | {_takes(kind)} | {meaning} |"


CAN_MEAN: Final[dict[str, str]] = {
    "kinds": "Kinds of work that it does.",
    "resolutions": "Of a new video.",
    "durations_s": "Seconds that a new video may have.",
    "ratios": "Shapes that a new video may have.",
    "sizes": "Whether any width and height can be asked for, not only those of the above.",
    "loop": "Whether the end can lead into the beginning.",
    "first_image": "Whether a video can start from a picture.",
    "last_image": "Whether it can arrive at one.",
    "extend": "Whether it goes on from an earlier video.",
    "still_ratios": "Shapes that a picture may have.",
    "still_formats": "`jpg`, `png`.",
    "reframes": "What it can give another shape.",
}
"""Of what needs no words, or other words, where it is declared."""


def _default_of(name: str, default: object) -> str:
    if any(name in kind.defaults for kind in KIND_RULES.values()):
        return "depends on the kind"
    if name == "can":
        return "empty"
    return f"`{default}`" if isinstance(default, Decimal) else _shown(default)


def _takes(kind: object) -> str:
    words = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    if isinstance(kind, type) and kind in words:
        return words[kind]
    of = get_args(kind)[0]
    if issubclass(of, Enum):
        return "a list of " + ", ".join(f"`{one.value}`" for one in of)
    return "a list of numbers" if of is float else "a list of names"


def _field_docs(owner: type) -> dict[str, str]:
    """Return what stands below the fields of a dataclass that pydantic does not know."""
    body = ast.parse(cleandoc(inspect.getsource(owner))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101  # a class has one
    found: dict[str, str] = {}
    for above, below in pairwise(body.body):
        if isinstance(above, ast.AnnAssign) and isinstance(below, ast.Expr):
            text = below.value
            if isinstance(text, ast.Constant) and isinstance(above.target, ast.Name):
                found[above.target.id] = cleandoc(str(text.value))
    return found


def _shown(value: object) -> str:
    match value:
        case None | SecretStr():
            return "unset"
        case bool():
            return f"`{str(value).lower()}`"
        case tuple() | dict() if not value:
            return "empty"
        case str():
            return f'`"{value}"`'
        case float():
            return f"`{value:g}`"
        case _:
            return f"`{value}`"


def _whole(text: str | None) -> str:
    return cleandoc(text or "").replace("``", "`")


def error_table() -> Iterator[str]:
    yield "| code | HTTP | what it means |"
    yield "|---|---|---|"
    for error in error_classes():
        # Errors of engines, files and deliveries are part of the generation, in a 200.
        status = problem(_made(error)).status if issubclass(error, errors.RequestError) else "-"
        meaning = cleandoc(error.__doc__ or "").split("\n\n", 1)[0].replace("\n", " ")
        yield f"| [`{error.code}`](#{error.code}) | {status} | {meaning.replace('``', '`')} |"


def _made(error: type[errors.RushesError]) -> errors.RushesError:
    return error.__new__(error)


def error_classes() -> list[type[errors.RushesError]]:
    found = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.RushesError)
    ]
    return list({error.code: error for error in reversed(found)}.values())[::-1]


def command_headings() -> Iterator[str]:
    yield from _group("rushes", root())
    yield "## Exit status"
    yield ""
    yield "| status | means |"
    yield "|---|---|"
    text = Path(__import__(ExitCode.__module__, fromlist=["_"]).__file__ or "").read_text("utf-8")
    for code in ExitCode:
        found = re.search(rf'{code.name} = {code.value}\n    """(.*?)"""', text, re.DOTALL)
        meaning = found[1] if found else "It worked."
        yield f"| {code.value} | {meaning.replace('``', '`')} |"


def _group(above: str, group: TyperGroup) -> Iterator[str]:
    for name, listed in group.commands.items():
        if listed.hidden:
            continue  # a former name
        if isinstance(listed, TyperGroup):
            yield from _group(f"{above} {name}", listed)
        if not isinstance(listed, LazyCommand):
            continue
        command = listed.loaded()
        yield f"## {above} {name}"
        yield ""
        yield cleandoc(command.help or "").replace("\n", " ").replace("  ", "\n\n")
        yield ""
        arguments = [p for p in command.params if isinstance(p, TyperArgument)]
        options = [p for p in command.params if isinstance(p, TyperOption)]
        for argument in arguments:
            yield f"- `{argument.metavar or (argument.name or '').upper()}`: {argument.help}"
        for option in options:
            spelled = ", ".join(f"`{one}`" for one in (*option.opts, *option.secondary_opts))
            if spelled != "`--help`":
                yield f"- {spelled}: {option.help}"
        yield ""
        if command.epilog:
            _, *examples = cleandoc(command.epilog.lstrip("\b\n")).splitlines()
            yield from ("```", *(example.strip() for example in examples), "```", "")


def border_table() -> Iterator[str]:
    yield "| module | functions that catch every exception |"
    yield "|---|---|"
    for module in sorted(SOURCE.rglob("*.py")):
        functions = _catch_all(ast.parse(module.read_text("utf-8")))
        if functions:
            names = ", ".join(f"`{name}`" for name in functions)
            yield f"| `{module.relative_to(SOURCE)}` | {names} |"


def _catch_all(module: ast.Module) -> list[str]:
    """Return the functions with ``except Exception``, in the order in which they stand."""
    found: dict[str, None] = {}
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            caught = node.type if isinstance(node, ast.ExceptHandler) else None
            if isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"}:
                found[function.name] = None
    return list(found)


def local_model_table() -> Iterator[str]:
    yield "| model | makes | licence | download | GPU memory | page |"
    yield "|---|---|---|---|---|---|"
    for model in MODELS:
        needs, licence = model.memory, model.licence
        accept = ", to be accepted" if licence.must_accept else ""
        least, most = needs.group_offload_gb, needs.resident_gb
        memory = f"{least:g} to {most:g} GB" if least < most else f"{most:g} GB"
        memory += ", or none" if needs.runs_on_cpu else ""
        page = f"[{model.family}](local-models/{model.page})"
        yield (
            f"| `{model.name}` | {model.makes} | [{licence.name}]({licence.url}){accept} |"
            f" {model.download_gb:g} GB | {memory} | {page} |"
        )


def family_page(family: VideoFamily) -> Iterator[str]:
    """Yield the parts of a family's page: its checkpoints, what it makes, what it cannot do."""
    yield from checkpoint_tables(family.name)
    yield "## What it makes"
    yield ""
    takes = family.most_frames / family.fps
    width, height = family.largest_px
    sampling = family.sampling
    yield "| | |"
    yield "|---|---|"
    yield f"| inputs | {', '.join(_inputs(family))} |"
    yield f"| largest size in one pass | {width}x{height}; larger videos are enlarged from it |"
    yield f"| width and height | multiples of {family.grid_px} pixels, cropped to your ratio |"
    yield f"| frames | {family.frame_step} n + 1, {family.fps} a second |"
    yield f"| one pass | up to {family.most_frames} frames, {takes:.1f} s; longer: chained |"
    yield f"| durations | {', '.join(f'{one:g}' for one in family.durations_s)} s |"
    yield f"| steps | {sampling.steps}, guidance {sampling.guidance:g} |"
    yield ""
    yield "## What it can't do"
    yield ""
    yield "A channel of the settings refuses these requests, and says what works. Without one, the"
    yield "[animatic engine](../engines/animatic.md) makes what it can of them:"
    yield ""
    yield from (f"- {one}" for one in _refused(family))


def _inputs(family: VideoFamily) -> Iterator[str]:
    can = family.capabilities()
    able = {
        "text alone": family.from_text,
        "a first image": can.first_image,
        "a first and a last image": can.last_image,
        "a last image alone": can.last_image and family.last_alone,
        "loops": can.loop,
        "an earlier video to extend": can.extend,
        "an earlier video to lead to": can.extend_backwards,
        "two videos to connect": can.interpolate,
    }
    yield from (name for name, is_able in able.items() if is_able)


def _refused(family: VideoFamily) -> Iterator[str]:
    can = family.capabilities()
    lacks = {
        "A video from text alone: it needs a first image.": not family.from_text,
        "A last image.": not can.last_image,
        "A last image without a first one.": can.last_image and not family.last_alone,
        "A loop.": not can.loop,
        "An extension backwards, before the start of a video.": not can.extend_backwards,
        "A connection between two videos (interpolation).": not can.interpolate,
        "A negative prompt: it works without guidance.": not can.negative_prompt,
        "Concepts, such as camera moves by name.": not can.concepts,
        "Sound.": True,
    }
    yield from (sentence for sentence, is_lacking in lacks.items() if is_lacking)


def checkpoint_tables(family: str) -> Iterator[str]:
    """Yield the checkpoints of a family with licence and memory."""
    models = [model for model in MODELS if model.family == family]
    yield "| model | repository | licence | download |"
    yield "|---|---|---|---|"
    for model in models:
        licence = model.licence
        link = f"[{model.repository}](https://huggingface.co/{model.repository})"
        yield (
            f"| `{model.name}` | {link} | [{licence.name}]({licence.url}) |"
            f" about {model.download_gb:g} GB |"
        )
    yield ""
    for note in dict.fromkeys(model.licence.note for model in models if model.licence.note):
        names = ", ".join(f"`{one.name}`" for one in models if one.licence.note == note)
        yield f"The licence of {names}: {note}"
        yield ""
    yield "## Memory"
    yield ""
    yield "| model | resident | model-offload | group-offload | main memory | source |"
    yield "|---|---|---|---|---|---|"
    for model in models:
        needs = model.memory
        yield (
            f"| `{model.name}` | {needs.resident_gb:g} GB | {needs.model_offload_gb:g} GB |"
            f" {needs.group_offload_gb:g} GB | {needs.ram_gb:g} GB | {needs.source} |"
        )
    yield ""


_PIPELINES: Final = {
    "flux.1-schnell": "FluxPipeline",
    "z-image-turbo": "ZImagePipeline",
    "lumina-2": "Lumina2Pipeline",
}
"""Models that are all that their pipeline says; the others are known by their names."""


def picture_table() -> Iterator[str]:
    yield "| model | size | multiples of | steps | guidance | negative prompt |"
    yield "|---|---|---|---|---|---|"
    for model in MODELS:
        if model.family != TEXT_TO_IMAGE:
            continue
        pipeline = PIPELINES.get(_PIPELINES.get(model.name, ""))
        family = pipeline or picture_family(model.name, Path())
        sampling = family.sampling
        width, height = family.largest_px
        avoids = "yes" if family.takes_avoids(sampling) else "no"
        guidance = f"{sampling.guidance:g}" if sampling.is_guided else "none"
        yield (
            f"| `{model.name}` | {width}x{height} | {family.grid_px} | {sampling.steps} |"
            f" {guidance} | {avoids} |"
        )


def _part(name: str) -> str:
    return re.sub(r"\W", "_", name)


PARTS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "lifecycle": lifecycle_table,
    "settings": settings_headings,
    "channels": channel_headings,
    "errors": error_table,
    "commands": command_headings,
    "borders": border_table,
    "local_models": local_model_table,
    "picture_pipelines": picture_table,
    **{f"family_{_part(one.name)}": partial(family_page, one) for one in FAMILIES.values()},
    **{f"pictures_{_part(one)}": partial(checkpoint_tables, one) for one in (TEXT_TO_IMAGE, DEPTH)},
}


def renewed(page: str) -> str:
    """Return *page* with each of its parts that are made from the code made anew."""
    return _REGION.sub(
        lambda found: found[1] + "\n" + "\n".join(PARTS[found[2]]()).strip() + "\n\n" + found[3],
        page,
    )


if __name__ == "__main__":
    for file in DOCS.rglob("*.md"):
        before = file.read_text("utf-8")
        if (after := renewed(before)) != before:
            file.write_text(after, "utf-8")
            print(f"renewed {file.relative_to(DOCS.parent)}")
