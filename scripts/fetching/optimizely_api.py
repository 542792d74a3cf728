"""Asks Optimizely's REST API, by a personal access token that nobody else gets to see.

The token goes into one header of requests to one address, and nowhere else: what is said of a
failure has neither headers nor anything of the answer, which may repeat them.
"""

import ipaddress
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Never

from pipeline.errors import PipelineError
from pipeline.http_pool import TOO_MANY, Patience, patient_pool
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    MaxRetryError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Url, parse_url

TOKEN_VARIABLE = "OPTIMIZELY_API_TOKEN"  # noqa: S105 - where it is, not what it is
URL_VARIABLE = "OPTIMIZELY_API_URL"
DEFAULT_URL = "https://api.optimizely.com"

TOKEN = re.compile(r"[!-~]+")
"""What may stand in a header: no white space, which could begin another header."""
NOT_UNDERSTOOD = frozenset({400, 404, 410, 414, 422})
OK, UNAUTHORISED, FORBIDDEN = 200, 401, 403
REDIRECTS = range(300, 400)
SERVER_ERRORS = range(500, 600)


class NotThereError(PipelineError):
    """The API knows nothing at the path; what it says of others is as good as ever."""


class OptimizelyApi:
    """Optimizely's REST API at one address."""

    def __init__(
        self, token: str, base_url: str = DEFAULT_URL, patience: Patience | None = None
    ) -> None:
        """Ask the API at an address, as whoever the token is of."""
        _check_token(token)
        self._base = _checked_address(base_url)
        self._host = self._base.host or ""
        self._patience = patience or Patience()
        self._pool = patient_pool(self._base, self._patience, "GET")
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def __repr__(self) -> str:
        """Name the address, and not the token."""
        return f"{type(self).__name__}({self._base.url!r})"

    def get(self, path: str) -> dict[str, Any]:
        """Give the object that the API has at a path, which begins with a slash."""
        url = f"{self._base.url.rstrip('/')}{path}"
        try:
            # A redirect isn't followed: the token would go to whom it isn't meant for.
            answer = self._pool.request("GET", url, headers=self._headers, redirect=False)
        except HTTPError as error:
            # What urllib3 raises holds the request.
            problem = self._in_words(error)
        else:
            if answer.status == OK:
                return self._object(path, answer.data)
            self._refuse(path, answer.status, answer.headers.get("Retry-After"))
        raise PipelineError(problem)

    def _object(self, path: str, body: bytes) -> dict[str, Any]:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if isinstance(document, dict):
            return document
        what = "no JSON" if document is None else "JSON that is no object"
        message = (
            f"{self._host} answers {path} with {what}. Something between here and Optimizely may"
            f" have answered in its place: check the network, and {URL_VARIABLE} if it is set."
        )
        raise PipelineError(message)

    def _refuse(self, path: str, status: int, retry_after: str | None) -> Never:
        where = f"{self._host} answers {path} with {status}"
        if status in NOT_UNDERSTOOD:
            message = (
                f"{where}: there is no such thing, or the token's account has none. Check the id,"
                f" and whose token {TOKEN_VARIABLE} is."
            )
            raise NotThereError(message)
        message = f"{where}: {self._advice(status, retry_after)}"
        raise PipelineError(message)

    def _advice(self, status: int, retry_after: str | None) -> str:
        if status == UNAUTHORISED:
            return (
                "it doesn't know the token, or no longer. Make a personal access token in"
                f" Optimizely, under Profile, API Access, and set {TOKEN_VARIABLE} to it."
            )
        if status == FORBIDDEN:
            return (
                "whoever the token is of may not see this. Have the owner of the account give"
                f" access, or set {TOKEN_VARIABLE} to the token of somebody who may."
            )
        if status == TOO_MANY:
            wait = "Wait some minutes"
            if retry_after and re.fullmatch(r"\d{1,9}", retry_after.strip()):
                wait = f"Wait {retry_after.strip()} seconds"
            return f"too many requests were made of late. {wait} and run this again."
        if status in SERVER_ERRORS:
            return "it has a problem of its own, which has not passed. Run this again later."
        if status in REDIRECTS:
            return (
                "it sends the request elsewhere, where the token must not go. Set"
                f" {URL_VARIABLE} to the API's own address, or unset it for {DEFAULT_URL}."
            )
        return f"this is nothing that the API does. Check {URL_VARIABLE} if it is set."

    def _in_words(self, error: HTTPError) -> str:
        reason = error.reason if isinstance(error, MaxRetryError) else error
        patience, host = self._patience, self._host
        if isinstance(reason, SSLError):
            return (
                f"{host} can't prove by a certificate that it is {host}, so the token wasn't sent."
                " If your network looks into encrypted traffic, set SSL_CERT_FILE to a file of the"
                f" certificates that it trusts; else check {URL_VARIABLE} if it is set."
            )
        if isinstance(reason, ProxyError):
            return (
                f"The proxy on the way to {host} doesn't pass requests on. Check HTTPS_PROXY, or"
                f" name {host} in NO_PROXY."
            )
        if isinstance(reason, ReadTimeoutError):
            return (
                f"{host} doesn't answer within {patience.read_seconds:g} seconds, tried"
                f" {patience.attempts} times. Check the network and run this again."
            )
        if isinstance(reason, ProtocolError):
            return (
                f"{host} breaks off before its answer is whole, tried {patience.attempts} times."
                " Check the network and run this again."
            )
        return (
            f"{host} can't be reached. Check the network, HTTPS_PROXY where there is a proxy, and"
            f" {URL_VARIABLE} if it is set."
        )


def api_from_environment(environment: Mapping[str, str] = os.environ) -> OptimizelyApi:
    """Give the API that the environment names, by the token that it holds."""
    token = environment.get(TOKEN_VARIABLE, "")
    if not token:
        message = (
            f"{TOKEN_VARIABLE} isn't set. Make a personal access token in Optimizely, under"
            " Profile, API Access, and set it to that. There is no option for it, which other users"
            " of the machine could read."
        )
        raise PipelineError(message)
    return OptimizelyApi(token, environment.get(URL_VARIABLE) or DEFAULT_URL)


def _check_token(token: str) -> None:
    if not TOKEN.fullmatch(token):
        message = (
            f"{TOKEN_VARIABLE} is no token: it is empty, or has white space or another character"
            " that no token has. Set it to the token alone, without a line end or quotes."
        )
        raise PipelineError(message)


def _checked_address(base_url: str) -> Url:
    """Refuse an address that the token must not go to; not repeated, as it may hold secrets."""
    try:
        base = parse_url(base_url)
    except LocationValueError:
        base = Url()
    problem = None
    if not base.host or base.scheme not in {"http", "https"} or not base_url.isprintable():
        problem = "is no address"
    elif base.auth or base.query or base.fragment:
        problem = "has more than an address"
    elif base.scheme == "http" and not _is_loopback(base.host):
        problem = "would send the token unencrypted"
    if problem:
        message = f"{URL_VARIABLE} {problem}. Write it as {DEFAULT_URL}, or unset it for that."
        raise PipelineError(message)
    return base


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
