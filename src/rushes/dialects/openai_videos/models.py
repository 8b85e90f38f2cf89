"""List the models that a key may use, in OpenAI's format."""

from collections.abc import Iterator

from rushes.core.errors import NotFound
from rushes.core.spec import Kind
from rushes.dialects.openai_videos import wire
from rushes.kit.quoting import quoted_json
from rushes.service.catalogue import Catalogue, Model


def models(catalogue: Catalogue) -> list[wire.Model]:
    """Return an entry for each name of a model, aliases included."""
    return list(_entries(catalogue))


def model(name: str, catalogue: Catalogue) -> wire.Model:
    """
    Return the entry of one name, in upper or lower case.

    Raises:
        NotFound: The key may use no such model; the message lists those that it may use.
    """
    entries = models(catalogue)
    for wanted in (name.strip(), name.strip().lower()):
        for entry in entries:
            if entry.id == wanted:
                return entry
    known = ", ".join(entry.id for entry in entries) or "none"
    raise NotFound(f"there is no model {quoted_json(name)}; there are: {known}")


def _entries(catalogue: Catalogue) -> Iterator[wire.Model]:
    offered = catalogue.models()
    named = {name: one for one in offered for name in (one.name, *one.aliases)}
    for name, one in named.items():
        yield _entry(name, one)
    if not offered:
        return
    default = named[catalogue.resolve(None)]
    if Kind.VIDEO in default.kinds:  # a key may be limited to models that make pictures
        for name in wire.SORA:
            if name not in named:
                yield _entry(name, default)


def _entry(name: str, one: Model) -> wire.Model:
    return wire.Model(id=name, owned_by=one.engine, root=one.name, kinds=list(one.kinds))
