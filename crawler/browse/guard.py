"""What stands between Datasette and the network: who may ask for what, and what pages may load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

_DASHBOARDS = "/-/dashboards/"
_SAFE = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Datasette's own pages have scripts in them, and Vega makes functions of its expressions.
_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
    "; script-src 'self' 'unsafe-inline'{}; form-action 'self'; base-uri 'none'"
    "; frame-ancestors 'none'"
)


class Guard:
    """Serves reading only, to this machine's own name only, pages that load nothing from elsewhere.

    A web page that had its name lead to 127.0.0.1 (DNS rebinding) could read everything here with
    the user's browser; but the browser names that page's host.
    """

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        suffix = "" if port == 80 else f":{port}"  # which browsers leave out
        self._hosts = {f"{name}{suffix}".encode() for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif dict(scope["headers"]).get(b"host") not in self._hosts:
            await _refuse(send, 421, "This is another host.")
        elif scope["method"] not in {"GET", "HEAD"} and not self._is_question(scope):
            await _refuse(send, 405, "The archive is for reading only.")
        else:
            await self._app(scope, receive, _with_policy(send, scope["path"]))

    def _is_question(self, scope: Scope) -> bool:
        """Whether it is for datasette-mcp, which reads alone, and is of no other site's page."""
        origin = dict(scope["headers"]).get(b"origin")
        is_own = origin is None or origin.removeprefix(b"http://") in self._hosts
        return scope["method"] == "POST" and scope["path"] == "/-/mcp" and is_own


def _with_policy(send: Send, path: str) -> Send:
    policy = _POLICY.format(" 'unsafe-eval'" if path.startswith(_DASHBOARDS) else "")

    async def wrapped(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *_SAFE]
            if not any(name.lower() == b"content-security-policy" for name, _ in headers):
                headers.append((b"content-security-policy", policy.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return wrapped


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_SAFE]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode()})
