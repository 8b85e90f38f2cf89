"""Give examples for every command; its help page shows them."""

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "serve": (
        "rushes serve",
        "rushes serve --port 9000 --data /var/lib/rushes",
        "rushes serve --host 0.0.0.0 --public-url https://films.example",
        "rushes serve --no-auth --json",
    ),
    "worker": (
        "rushes worker",
        "rushes worker --slots 2 --data /var/lib/rushes",
        "rushes worker --channels luma,lan",
        "rushes worker --metrics-port 9100",
    ),
    "generate": (
        'rushes generate "a lighthouse at dusk, waves, slow push in"',
        'rushes generate "fog over hills" --loop --resolution 1080p -o fog.mp4',
        'rushes generate "night falls" --image day.jpg --end-image night.jpg --aspect 16:9',
        'RUSHES_KEY=rsk_... rushes generate "dunes" --server http://127.0.0.1:8000',
    ),
    "watch": (
        "rushes watch 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42",
        "rushes watch 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42 --json",
        "rushes watch 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42 --server http://127.0.0.1:8000",
    ),
    "open": (
        "rushes open 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42",
        "rushes open 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42 --print",
    ),
    "demo": ("rushes demo", "rushes demo --out /tmp/demo --json"),
    "mcp": (
        "rushes mcp --data /var/lib/rushes",
        "RUSHES_KEY=rsk_... rushes mcp --server http://127.0.0.1:8000",
    ),
    "models offered": ("rushes models offered", "rushes models offered --json"),
    "models list": ("rushes models list", "rushes models list --json"),
    "models show": ("rushes models show wan2.2-ti2v-5b",),
    "models pull": (
        "rushes models pull wan2.2-ti2v-5b",
        "rushes models pull ltx-2.3-distilled --accept-license",
    ),
    "models verify": (
        "rushes models verify wan2.2-ti2v-5b",
        "rushes models verify /srv/models/my-wan",
    ),
    "models rm": ("rushes models rm wan2.2-ti2v-5b",),
    "doctor": ("rushes doctor", "rushes doctor --data /var/lib/rushes --json"),
    "config": ("rushes config", "rushes config --sources --config rushes.toml"),
    "version": ("rushes version", "rushes version --json"),
    "mock-upstream": (
        "rushes mock-upstream relay",
        "rushes mock-upstream relay --takes 2s..8s --fails 0.1",
    ),
    "generations list": (
        "rushes generations list",
        "rushes generations list --state failed --state cancelled --limit 100",
        "rushes generations list --account laptop --json",
    ),
    "generations show": ("rushes generations show 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42",),
    "generations cancel": ("rushes generations cancel 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42",),
    "generations retry": ("rushes generations retry 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42",),
    "generations events": ("rushes generations events 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42",),
    "keys create": ("rushes keys create laptop", "rushes keys create ci --account tests --json"),
    "accounts create": ('rushes accounts create acme --name "Acme Films"',),
    "accounts list": ("rushes accounts list", "rushes accounts list --json"),
    "accounts delete": (
        "rushes accounts delete acme",
        "rushes accounts delete acme --yes --cancel",
    ),
    "keys show": ("rushes keys show key_0123456789ab",),
    "keys limit": (
        "rushes keys limit key_0123456789ab --submits-per-minute 20 --in-flight 3",
        "rushes keys limit key_0123456789ab --model ray-2 --model ray-flash-2",
    ),
    "keys rotate": ("rushes keys rotate key_0123456789ab --grace 24h",),
    "keys list": ("rushes keys list", "rushes keys list --json"),
    "keys revoke": ("rushes keys revoke key_0123456789ab",),
    "channels list": ("rushes channels list", "rushes channels list --json"),
    "channels test": (
        "rushes channels test luma",
        "rushes channels test luma --render --yes -o try.mp4",
    ),
    "channels pause": ('rushes channels pause luma --for 2h --reason "their status page is red"',),
    "channels resume": ("rushes channels resume luma",),
    "nodes list": ("rushes nodes list", "rushes nodes list --json"),
    "nodes drain": (
        "rushes nodes drain render1:4711:0a1b2c3d",
        "rushes nodes drain --here --wait 120",
    ),
    "nodes resume": ("rushes nodes resume render1:4711:0a1b2c3d",),
    "credits show": ("rushes credits show", "rushes credits show laptop --json"),
    "credits grant": (
        "rushes credits grant laptop 500 --note November --once invoice-17",
        "rushes credits grant laptop -- -12.5",
    ),
    "credits entries": ("rushes credits entries --account laptop --limit 100",),
    "credits verify": ("rushes credits verify", "rushes credits verify --json"),
    "usage": (
        "rushes usage --account laptop",
        "rushes usage --from 2026-11-01 --to 2026-11-30 --csv",
    ),
    "webhooks add": (
        "rushes webhooks add https://example.com/hook",
        "rushes webhooks add https://example.com/hook --event generation.completed",
        "rushes webhooks add https://example.com/hook --wording luma --server-secret",
    ),
    "webhooks list": ("rushes webhooks list", "rushes webhooks list --account laptop --json"),
    "webhooks remove": ("rushes webhooks remove wh_0123456789ab",),
    "webhooks enable": ("rushes webhooks enable wh_0123456789ab",),
    "webhooks disable": ("rushes webhooks disable wh_0123456789ab",),
    "webhooks rotate": ("rushes webhooks rotate wh_0123456789ab",),
    "webhooks test": (
        "rushes webhooks test wh_0123456789ab",
        "rushes webhooks test https://example.com/hook --wording openai_videos",
    ),
    "webhooks secret": (
        "rushes webhooks secret",
        "rushes webhooks secret --rotate",
        "rushes webhooks secret --forget-former",
    ),
    "deliveries list": (
        "rushes deliveries list --state failed",
        "rushes deliveries list --generation 8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42 --json",
    ),
    "deliveries show": ("rushes deliveries show msg_12",),
    "deliveries redeliver": ("rushes deliveries redeliver msg_12",),
    "db status": ("rushes db status --data /var/lib/rushes",),
    "db migrate": ("rushes db migrate --data /var/lib/rushes",),
    "db copy": (
        "RUSHES_STORE__URL=postgresql://rushes@db/rushes rushes db copy postgres",
        "RUSHES_STORE__URL=postgresql://rushes@db/rushes rushes db copy sqlite",
    ),
    "gc": ("rushes gc --dry-run", "rushes gc --json"),
}
"""Command lines by the words after ``rushes``; a test parses each of them."""


def epilog(path: str) -> str:
    """Return the end of a help page; *path* has the words after ``rushes``."""
    lines = "\n".join(f"  {example}" for example in EXAMPLES.get(path, ()))
    return f"\b\nExamples:\n{lines}" if lines else ""
