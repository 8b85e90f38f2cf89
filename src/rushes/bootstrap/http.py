"""Wire the web application: the dialects, the gateway before their handlers, and the routes."""

from collections.abc import Sequence

from starlette.types import ASGIApp

from rushes import __version__
from rushes.bootstrap.operations import retention_rules
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import Dialect, DialectContext
from rushes.dialects.luma.dialect import Luma
from rushes.dialects.luma_agents.dialect import LumaAgents
from rushes.dialects.luma_relay.dialect import LumaRelay
from rushes.dialects.openai_videos.dialect import OpenAIVideos
from rushes.http.app import Lifespan, build_app, mount, wordings
from rushes.http.docs_page import docs_routes
from rushes.http.gateway import Gateway
from rushes.http.openapi import About, document, offered
from rushes.http.operation import Api
from rushes.http.problems import plain
from rushes.kit.clock import Clock
from rushes.kit.rate_buckets import RateBuckets
from rushes.mcp_server.mount import McpMount
from rushes.playground.pages import playground_routes
from rushes.service.accounts import Accounts
from rushes.service.rate_limits import RateLimits
from rushes.service.uploads import UploadedFiles
from rushes.settings import Settings
from rushes.telemetry.observer import Observer


def foreign_dialects(
    settings: Settings, files: UploadedFiles, uploads: SignedLinks
) -> list[Dialect]:
    """Return the foreign APIs that the server speaks; to add one, add its line."""
    return [
        LumaAgents(files=files, uploads=uploads),
        OpenAIVideos(files=files, kept=retention_rules(settings).artifacts),
        Luma.official(),
        Luma.proxied(files=files, uploads=uploads),
        LumaRelay(
            batch_format=settings.relay.batch_format, notify_format=settings.relay.notify_format
        ),
    ]


def mcp_mount(settings: Settings, context: DialectContext) -> McpMount:
    """Return the MCP server under ``/mcp``."""
    return McpMount(
        context.generations,
        context.progress_stream,
        context.catalogue,
        context.plans,
        asks_for_keys=settings.server.auth,
        public_url=settings.server.public_url,
        body_limit_bytes=settings.server.body_limit_mb << 20,
    )


def make_app(
    settings: Settings,
    context: DialectContext,
    dialects: Sequence[Dialect],
    *,
    own: Api,
    mcp: Api,
    lifespan: Lifespan,
    observer: Observer,
) -> ASGIApp:
    """Return the web application: every dialect, the server's own paths, MCP, docs and the page."""
    apis = [*(dialect.api(context) for dialect in dialects), own]
    about = About(
        version=__version__,
        asks_for_keys=settings.server.auth,
        values=offered(context.catalogue),
    )
    app = build_app(
        [
            *(route for api in (*apis, mcp) for route in mount(api, context.gateway)),
            *docs_routes(lambda: document(apis, about)),
            *playground_routes(public_url=settings.server.public_url),
        ],
        wordings={"": plain}
        | wordings((*apis, mcp))
        | {dialect.prefix: dialect.word for dialect in dialects},
        lifespan=lifespan,
        observe=observer.metrics.count_request,
    )
    return observer.app(app)


def make_monitor_app(own: Api, gateway: Gateway) -> ASGIApp:
    """Return an application with the health checks and metrics only."""
    return build_app(mount(own, gateway), wordings={"": plain} | wordings((own,)))


def make_gateway(
    settings: Settings,
    accounts: Accounts,
    links: SignedLinks,
    buckets: RateBuckets,
    clock: Clock,
) -> Gateway:
    """Return what authenticates and limits each request before its handler runs."""
    limits = settings.limits
    return Gateway(
        accounts=accounts,
        links=links,
        clock=clock,
        rates=RateLimits(
            limits.requests_per_minute,
            limits.anonymous_requests_per_minute,
            on_loopback=limits.on_loopback,
            buckets=buckets,
        ),
        public_url=settings.server.public_url,
        body_limit_bytes=settings.server.body_limit_mb << 20,
        reports_unknown=settings.dialects.unknown_fields == "report",
    )
