"""
Serve the OpenAPI document and a page that shows it.

The page is plain HTML without scripts and loads nothing from other servers.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rushes.http.openapi import Schema, operations_of

_STYLE: Final = """
:root{color-scheme:light dark;--dim:color-mix(in srgb,CanvasText 62%,Canvas);
--line:color-mix(in srgb,CanvasText 18%,Canvas)}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1,h2{line-height:1.2}h2{margin-top:2.5rem}
code,.path{font:14px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
details{border-top:1px solid var(--line)}summary{padding:.5rem 0;cursor:pointer}
details>div{padding:0 0 1rem 1rem}
.method{display:inline-block;min-width:4.5rem;font-weight:600}
.about,.type{color:var(--dim)}table{border-collapse:collapse;width:100%;margin:.25rem 0 1rem}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;
border-top:1px solid var(--line)}th{font-weight:600}caption{text-align:left;font-weight:600}
"""

_PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        f" style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_FRESH: Final = "public, max-age=300"


def docs_routes(document: Callable[[], Schema]) -> list[Route]:
    """Return ``/openapi.json`` and ``/docs``; *document* is called at the first request."""

    @cache
    def as_json() -> tuple[bytes, str]:
        return _tagged(json.dumps(document(), separators=(",", ":")).encode())

    @cache
    def as_page() -> tuple[bytes, str]:
        return _tagged("".join(_page(document())).encode())

    async def openapi(request: Request) -> Response:
        return _unless_known(request, *as_json(), "application/json", {})

    async def docs(request: Request) -> Response:
        return _unless_known(request, *as_page(), "text/html; charset=utf-8", _PAGE_HEADERS)

    return [
        Route("/openapi.json", openapi, methods=["GET"]),
        Route("/docs", docs, methods=["GET"]),
    ]


def _tagged(body: bytes) -> tuple[bytes, str]:
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _unless_known(
    request: Request, body: bytes, etag: str, media_type: str, headers: dict[str, str]
) -> Response:
    all_headers = {**headers, "ETag": etag, "Cache-Control": _FRESH}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=all_headers)
    return Response(body, headers=all_headers, media_type=media_type)


def _page(document: Schema) -> Iterator[str]:
    info = document["info"]
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['summary'])}"
        ' The same as OpenAPI 3.1: <a href="/openapi.json">openapi.json</a>.</p>'
    )
    for tag in document["tags"]:
        yield f"<h2>{escape(tag['name'])}</h2><p>{_text(tag['description'])}</p>"
        for method, path, operation in operations_of(document, tag["name"]):
            yield from _operation(document, method, path, operation)
    yield "<h2>Types</h2>"
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield (
            f'<details id="{escape(name)}"><summary class="path">{escape(name)}</summary><div>'
            f"<p>{_text(schema.get('description', ''))}</p>"
        )
        yield from _fields(schema)
        yield "</div></details>"
    yield "</body></html>"


def _operation(document: Schema, method: str, path: str, operation: Schema) -> Iterator[str]:
    yield (
        f'<details><summary><span class="path"><span class="method">{method}</span>'
        f'{escape(path)}</span> <span class="about">{escape(operation["summary"])}</span>'
        f"</summary><div><p>{_text(operation.get('description', ''))}"
        f"{'' if 'security' in operation else ' Needs no key.'}</p>"
    )
    if operation["parameters"]:
        rows = (
            (
                one["name"] + ("" if one["required"] else "?"),
                f"{_type(one['schema'])}, in {escape(one['in'])}",
                _text(one.get("description", "")),
            )
            for one in operation["parameters"]
        )
        yield from _table("Parameters", rows)
    if body := operation.get("requestBody"):
        yield from _table("Body", _contents(body["content"]))
    replies: list[tuple[str, str, str]] = []
    for status, reply in operation["responses"].items():
        found = _resolved(document, reply)
        types = " ".join(kind for _, kind, _ in _contents(found.get("content", {})))
        replies.append((status, types, _text(found["description"])))
    yield from _table("Replies", replies)
    yield "</div></details>"


def _contents(content: Schema) -> Iterator[tuple[str, str, str]]:
    for media_type, one in content.items():
        shown = _type(one["schema"]) if "schema" in one else escape(media_type)
        yield media_type, shown, ""


def _fields(schema: Schema) -> Iterator[str]:
    if "properties" not in schema:
        yield f"<p>{_type({k: v for k, v in schema.items() if k != 'description'})}</p>"
        return
    required = schema.get("required", [])
    rows = (
        (name + ("" if name in required else "?"), _type(one), _text(one.get("description", "")))
        for name, one in schema["properties"].items()
    )
    yield from _table("", rows)


def _table(caption: str, rows: Any) -> Iterator[str]:
    yield "<table>"
    if caption:
        yield f"<caption>{caption}</caption>"
    for name, kind, about in rows:
        yield (
            f'<tr><th scope="row"><code>{escape(name)}</code></th>'
            f'<td class="type">{kind}</td><td>{about}</td></tr>'
        )
    yield "</table>"


def _resolved(document: Schema, one: Schema) -> Schema:
    if "$ref" not in one:
        return one
    found: Any = document
    for part in one["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return cast("Schema", found)


def _type(schema: Schema) -> str:
    """Return a short description of a schema, as HTML."""
    if reference := schema.get("$ref"):
        name = escape(str(reference).rpartition("/")[2])
        return f'<a href="#{name}">{name.partition(".")[2]}</a>'
    others = schema.get("anyOf") or schema.get("oneOf")
    if others and "properties" not in schema:
        return " or ".join(_type(one) for one in others)
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if values:
        return " ".join(f"<code>{escape(str(value))}</code>" for value in values)
    return _plain_type(schema)


def _plain_type(schema: Schema) -> str:
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(inner := schema.get("additionalProperties"), dict):
        return f"by name: {_type(cast('Schema', inner))}"
    limits = ", ".join(f"{word} {schema[name]}" for name, word in _LIMITS.items() if name in schema)
    kind = str(schema.get("format") or schema.get("type", "anything"))
    return escape(f"{kind}, {limits}" if limits else kind)


_LIMITS: Final = {
    "minimum": "from",
    "exclusiveMinimum": "above",
    "maximum": "to",
    "exclusiveMaximum": "below",
    "minLength": "at least",
    "maxLength": "at most",
    "pattern": "like",
}


def _text(markdown: str) -> str:
    """Return Markdown text as HTML; the only markup that it knows is `code`."""
    parts = escape(markdown).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))
