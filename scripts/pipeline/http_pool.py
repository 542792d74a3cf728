"""Sends requests, tries them again for a while, and uses a proxy where the environment names it."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.util import Retry, Timeout, Url, make_headers, parse_url

from pipeline.errors import PipelineError

TOO_MANY = 429
OVERLOADED = frozenset({TOO_MANY, 500, 502, 503, 504})
"""What may be over in a moment."""
NO_NETWORK_RETRIES = 2
"""Where nobody is reached at all, waiting seldom helps."""


@dataclass(frozen=True)
class Patience:
    """How often and how long one request is tried."""

    attempts: int = 5
    connect_seconds: float = 10
    read_seconds: float = 30
    backoff: float = 1
    """Seconds before the third attempt, twice as many before each after it; the second is made
    at once."""
    longest_wait: float = 90
    """An answer that asks to wait so many seconds, or more, is taken for a refusal."""


class _BoundedRetry(Retry):
    """Waits as long as the server asks for, and gives up where that is too long."""

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        """Take what can't be read for nothing said."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None

    def increment(self, *arguments: Any, **named: Any) -> Self:  # noqa: ANN401 - as urllib3 has it
        """Count an attempt, the last one where the server asks to wait too long."""
        response = named.get("response")
        # urllib3 cuts a longer wait to this, after which the server would only refuse once more.
        if response is not None and (self.get_retry_after(response) or 0) >= self.retry_after_max:
            raise MaxRetryError(named["_pool"], "")
        return super().increment(*arguments, **named)


def patient_pool(base: Url, patience: Patience, method: str) -> urllib3.PoolManager:
    """Give what sends requests of a method to one address, through a proxy where one is set."""
    again = patience.attempts - 1
    retries = _BoundedRetry(
        total=again,
        connect=min(again, NO_NETWORK_RETRIES),
        other=min(again, NO_NETWORK_RETRIES),
        redirect=False,
        status_forcelist=OVERLOADED,
        allowed_methods={method},
        backoff_factor=patience.backoff / 2,
        backoff_max=patience.longest_wait,
        raise_on_status=False,
        retry_after_max=patience.longest_wait,
    )
    timeout = Timeout(connect=patience.connect_seconds, read=patience.read_seconds)
    # Through a proxy what is secret is out of sight, but only within TLS.
    proxy = getproxies().get("https") if base.scheme == "https" else None
    if proxy is None or proxy_bypass(base.host or ""):
        return urllib3.PoolManager(retries=retries, timeout=timeout)
    try:
        address = parse_url(proxy)
        own = make_headers(proxy_basic_auth=unquote(address.auth)) if address.auth else None
        return urllib3.ProxyManager(
            proxy if "://" in proxy else f"http://{proxy}",
            proxy_headers=own,
            retries=retries,
            timeout=timeout,
        )
    except ValueError:
        message = "HTTPS_PROXY is no address of a proxy. Write it as http://proxy.example.com:8080."
    raise PipelineError(message)
