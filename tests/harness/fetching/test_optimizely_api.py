"""The client of Optimizely's API, held to a server that behaves badly."""

import logging
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fetching.optimizely_api import (
    DEFAULT_URL,
    NotThereError,
    OptimizelyApi,
    Patience,
    api_from_environment,
)
from optimizely_api import TOKEN, TOKEN_PART, Answer, FakeOptimizely, fake_optimizely, problem
from pipeline.errors import PipelineError

PATH = "/v2/experiments/1"
HASTE = Patience(attempts=3, connect_seconds=5, read_seconds=20, backoff=0.01, longest_wait=2)
IMPATIENCE = replace(HASTE, read_seconds=0.3)
FOUND = {"id": 1, "name": "Grüße"}


@pytest.fixture
def server() -> Iterator[FakeOptimizely]:
    """Give a server of the test's own."""
    with fake_optimizely() as server:
        yield server


def client(server: FakeOptimizely, patience: Patience = HASTE) -> OptimizelyApi:
    """Ask the server, with little patience."""
    return OptimizelyApi(TOKEN, server.url, patience)


def refusal(server: FakeOptimizely, *answers: Answer, patience: Patience = HASTE) -> str:
    """Give what is said of a path that is answered so; the token is nowhere in it."""
    server.answer(PATH, *answers)
    with pytest.raises(PipelineError) as raised:
        client(server, patience).get(PATH)
    assert TOKEN_PART not in "".join(traceback.format_exception(raised.value))
    assert raised.value.__context__ is None, "what urllib3 raised holds the request"
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_the_answer_is_given_and_the_token_sent_in_its_header(server: FakeOptimizely) -> None:
    """As the API wants it; numbers that a float can't hold stay whole."""
    server.answer(PATH, FOUND | {"big": 2**63 + 1})
    assert client(server).get(PATH) == FOUND | {"big": 2**63 + 1}
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", PATH)
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_an_address_may_have_a_path(server: FakeOptimizely) -> None:
    """As a gateway's does."""
    server.answer(f"/gateway{PATH}", FOUND)
    assert OptimizelyApi(TOKEN, f"{server.url}/gateway/", HASTE).get(PATH) == FOUND


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "doesn't know the token"),
        (403, "may not see this"),
        (404, "no such thing"),
        (400, "no such thing"),
        (418, "nothing that the API does"),
        (204, "nothing that the API does"),
    ],
)
def test_a_refusal_is_told_at_once(server: FakeOptimizely, status: int, said: str) -> None:
    """Asking again would not help; what the server repeats of the request is not told."""
    told = refusal(server, problem(status, f"Invalid: Bearer {TOKEN}"))
    assert told.startswith(f"127.0.0.1 answers {PATH} with {status}: ")
    assert said in told
    assert len(server.requests) == 1


def test_only_what_is_not_there_can_be_told_from_other_problems(server: FakeOptimizely) -> None:
    """For whoever asks for several things, of which one has gone."""
    with pytest.raises(NotThereError):
        client(server).get(PATH)
    server.answer(PATH, problem(403, "Forbidden"))
    with pytest.raises(PipelineError) as raised:
        client(server).get(PATH)
    assert not isinstance(raised.value, NotThereError)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(server: FakeOptimizely, status: int) -> None:
    """Until the attempts are used up."""
    server.answer(PATH, problem(status, "later"), problem(status, "later"), Answer(FOUND))
    assert client(server).get(PATH) == FOUND
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "too many requests"), (500, "problem of its own"), (503, "problem of its own")],
)
def test_what_does_not_pass_is_told(server: FakeOptimizely, status: int, said: str) -> None:
    """After as many attempts as there may be."""
    assert said in refusal(server, problem(status, "later"))
    assert len(server.requests) == 3


def test_the_server_says_how_long_to_wait(server: FakeOptimizely) -> None:
    """And is not asked before."""
    server.answer(PATH, problem(429, "later", Retry_After="1"), Answer(FOUND))
    began = time.monotonic()
    assert client(server).get(PATH) == FOUND
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("wait", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT", "9" * 400])
def test_nobody_waits_for_an_hour(server: FakeOptimizely, wait: str) -> None:
    """It is said instead, and the server is left alone."""
    began = time.monotonic()
    told = refusal(server, problem(429, "later", Retry_After=wait))
    assert time.monotonic() - began < 30
    assert len(server.requests) == 1
    assert ("Wait 3600 seconds" if wait == "3600" else "Wait some minutes") in told


@pytest.mark.parametrize("wait", ["soon", "-1", "1e9", "", "5000-01-01"])
def test_a_wait_that_can_not_be_read_is_none(server: FakeOptimizely, wait: str) -> None:
    """The client's own pauses apply."""
    server.answer(PATH, problem(503, "later", Retry_After=wait), Answer(FOUND))
    assert client(server).get(PATH) == FOUND


def test_a_slow_answer_is_tried_again(server: FakeOptimizely) -> None:
    """It may come in time the next time."""
    server.answer(PATH, Answer(FOUND, delay=5), Answer(FOUND))
    assert client(server, IMPATIENCE).get(PATH) == FOUND


def test_an_answer_that_stays_away_is_told(server: FakeOptimizely) -> None:
    """With the time that was given it."""
    told = refusal(server, Answer(FOUND, delay=5), patience=IMPATIENCE)
    assert "doesn't answer within 0.3 seconds, tried 3 times" in told


def test_half_an_answer_is_tried_again(server: FakeOptimizely) -> None:
    """No part of one is ever taken for the whole, even where it could be read."""
    server.answer(PATH, Answer(b'{"id": 2}   ', cut=9), Answer(b"{", cut=0), Answer(FOUND))
    assert client(server).get(PATH) == FOUND
    assert len(server.requests) == 3


def test_an_answer_that_stays_half_is_told(server: FakeOptimizely) -> None:
    """Whatever it began with."""
    assert "breaks off before its answer is whole" in refusal(server, Answer(FOUND, cut=5))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b'{"id": 1', "no JSON"),
        (b"<html>Sign in</html>", "no JSON"),
        (b"\xff\xfe\xfd", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"id": ' + b"9" * 10_000 + b"}", "no JSON"),
        (b"null", "no JSON"),
        (b"[]", "JSON that is no object"),
        (b'"text"', "JSON that is no object"),
        (b"0", "JSON that is no object"),
    ],
)
def test_what_is_no_object_is_told(server: FakeOptimizely, body: bytes, said: str) -> None:
    """Such as the sign-in page of a network."""
    told = refusal(server, Answer(body))
    assert f"answers {PATH} with {said}." in told
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(server: FakeOptimizely, status: int) -> None:
    """Not to another server, and not to this one."""
    with fake_optimizely() as other:
        other.answer(PATH, FOUND)
        for place in (other.url, server.url):
            location = {"Location": f"{place}{PATH}?again"}
            told = refusal(server, Answer(b"", status, location))
            assert "where the token must not go" in told
        assert other.requests == []
    assert server.paths == [PATH, PATH]


def test_a_server_that_is_not_there_is_told() -> None:
    """Whoever has no network should hear of it before long."""
    with fake_optimizely() as gone:
        pass
    with pytest.raises(PipelineError, match=r"^127\.0\.0\.1 can't be reached\. Check the network"):
        client(gone).get(PATH)


def test_a_server_without_a_certificate_is_told(server: FakeOptimizely) -> None:
    """It never gets to see the token."""
    api = OptimizelyApi(TOKEN, server.url.replace("http:", "https:"), HASTE)
    with pytest.raises(PipelineError, match=r"can't prove by a certificate.*SSL_CERT_FILE"):
        api.get(PATH)
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://api.optimizely.com", "unencrypted"),
        ("http://127.0.0.1.example.com", "unencrypted"),
        ("http://localhost.example.com", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("https://me:canary-Tz9q3vYd7Wn0@api.optimizely.com", "more than an address"),
        ("https://api.optimizely.com?token=canary-Tz9q3vYd7Wn0", "more than an address"),
        ("https://api.optimizely.com#v2", "more than an address"),
        ("canary-Tz9q3vYd7Wn0", "no address"),
        ("api.example.com", "no address"),
        ("ftp://api.optimizely.com", "no address"),
        ("file:///etc/passwd", "no address"),
        ("https:///v2", "no address"),
        ("https://[::1", "no address"),
        ("https://api.optimizely.com:port", "no address"),
        ("https://api.optimizely.com\r\nX: y", "no address"),
    ],
)
def test_an_address_that_must_not_get_the_token_is_refused(url: str, said: str) -> None:
    """Before anything is sent; it may itself be a secret that is in the wrong place."""
    with pytest.raises(PipelineError, match=said) as raised:
        OptimizelyApi(TOKEN, url)
    assert url not in str(raised.value)
    assert TOKEN_PART not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "https://10.0.0.1"]
)
def test_loopback_needs_no_encryption(url: str) -> None:
    """Nobody listens there but the machine itself."""
    assert repr(OptimizelyApi(TOKEN, url)) == f"OptimizelyApi('{url}')"


@pytest.mark.parametrize(
    "token",
    ["", " ", f"{TOKEN}\n", f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN} {TOKEN}", f"{TOKEN}é", f"{TOKEN}\0"],
)
def test_a_token_that_would_be_more_than_a_token_is_refused(token: str) -> None:
    """A line end in it would begin a header."""
    with pytest.raises(PipelineError, match="OPTIMIZELY_API_TOKEN is no token") as raised:
        OptimizelyApi(token)
    assert TOKEN_PART not in str(raised.value)


def test_the_environment_says_whom_to_ask(server: FakeOptimizely) -> None:
    """By default Optimizely itself."""
    server.answer(PATH, FOUND)
    assert api_from_environment(server.environment).get(PATH) == FOUND
    for url in ({}, {"OPTIMIZELY_API_URL": ""}):
        api = api_from_environment({"OPTIMIZELY_API_TOKEN": TOKEN, **url})
        assert repr(api) == f"OptimizelyApi('{DEFAULT_URL}')"
    for environment in ({}, {"OPTIMIZELY_API_TOKEN": ""}):
        with pytest.raises(PipelineError, match=r"^OPTIMIZELY_API_TOKEN isn't set"):
            api_from_environment(environment)


def test_a_proxy_passes_the_token_on_unseen(
    server: FakeOptimizely, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for a tunnel alone, and not at all on the way to this machine."""
    with fake_optimizely() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//me:secret@"))
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        server.answer(PATH, FOUND)
        assert client(server).get(PATH) == FOUND
        assert proxy.requests == []
        api = OptimizelyApi(TOKEN, "https://api.example.com", HASTE)
        with pytest.raises(PipelineError, match=r"proxy on the way to api\.example\.com") as raised:
            api.get(PATH)
        assert "secret" not in str(raised.value)
        for request in proxy.requests:
            assert (request.method, request.path) == ("CONNECT", "api.example.com:443")
            assert TOKEN not in str(request.headers)
            assert request.headers["proxy-authorization"].startswith("Basic ")
    assert proxy.requests


def test_nothing_shows_the_token(server: FakeOptimizely, caplog: pytest.LogCaptureFixture) -> None:
    """Not the log of the library at its loudest, nor a look at the client."""
    caplog.set_level(logging.DEBUG)
    api = client(server)
    server.answer(PATH, problem(503, "later"), Answer(FOUND, cut=3), Answer(FOUND))
    api.get(PATH)
    assert "urllib3" in caplog.text, "there is a log to look at"
    assert TOKEN_PART not in f"{caplog.text} {api!r} {api}"
