"""A person at a browser, as far as a server can tell: one kept connection, cookies, forms with their token."""

from __future__ import annotations

import http.client
import re
import time
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.processes.computer import PASSWORD, USERNAME

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECONDS = 60.0


class Answer(NamedTuple):
    """What came back, and how long it took from the first byte sent to the last one read."""

    status: int
    text: str
    location: str
    seconds: float


class Visitor:
    """One person's session with a node."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(self.host, timeout=SECONDS)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Fetch a page, without following where it leads."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def token(self, path: str) -> str:
        """The token that the form of a page carries."""
        found = TOKEN.search(self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]

    def sign_in(self) -> Visitor:
        """Sign in as the administrator of the node."""
        fields = {"csrf_token": self.token("/sign-in"), "username": USERNAME, "password": PASSWORD}
        answer = self.post("/sign-in", fields)
        assert answer.status == 303, answer.text[:2000]
        return self

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
            headers["Referer"] = f"http://{self.host}{path}"
        started = time.perf_counter()
        try:
            response = self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError):
            # The server lets go of a connection that was quiet for a while; a browser then opens another.
            self._connection.close()
            response = self._send(method, path, body, headers)
        text = response.read().decode("utf-8", "replace")
        seconds = time.perf_counter() - started
        for cookie in response.msg.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        return Answer(response.status, text, response.getheader("Location") or "", seconds)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()
