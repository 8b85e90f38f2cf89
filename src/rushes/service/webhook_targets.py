"""Check whether a webhook may go to a URL, when a caller registers it."""

from rushes.core.errors import InvalidRequest
from rushes.kit.safe_http import ForbiddenAddress, SafeHttpClient, Unreachable


class WebhookTargets:
    """Checks the URLs of webhooks at registration; each delivery checks them again."""

    def __init__(self, http: SafeHttpClient) -> None:
        self._http = http

    async def check(self, url: str, *, param: str) -> None:
        """
        Check that the server may send webhooks to *url*.

        A name that does not resolve at the moment is accepted: each delivery resolves it anew.

        Raises:
            InvalidRequest: It is no http(s) URL, or leads to a forbidden address.
        """
        try:
            await self._http.check(url)
        except Unreachable:
            return
        except ForbiddenAddress as error:
            raise InvalidRequest(f"{param} cannot be used: {error}", param=param) from None
