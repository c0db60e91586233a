"""robots.txt as RFC 9309 has it: which group binds a crawler, and what the file says besides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from protego import Protego
from scrapy.robotstxt import RobotParser, decode_robotstxt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler

_LINE = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[a-z_-]+")
_EVERYBODY = "*"
_AGENT = frozenset(("user-agent", "useragent", "user agent"))
_ALLOW = "allow"
_DISALLOW = frozenset(("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"))
_DELAY = frozenset(("crawl-delay", "crawldelay", "crawl delay"))
_SIGNAL = "content-signal"
# Crawlers that collect for training, or for answers, by the names that they give themselves.
_AI_CRAWLERS = (
    *("AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot"),
    *("ChatGPT-User", "Claude-Web", "ClaudeBot", "cohere-ai", "Diffbot", "FacebookBot"),
    *("Google-Extended", "GPTBot", "ImagesiftBot", "meta-externalagent", "OAI-SearchBot"),
    *("omgili", "PerplexityBot", "Timpibot", "YouBot"),
)


def product_token(user_agent: str | bytes) -> str:
    """The name by which robots.txt knows a crawler: ``republika-crawler`` of its user agent.

    Empty for a user agent that begins with none; then only the group of everybody binds it.
    """
    text = user_agent.decode("latin-1") if isinstance(user_agent, bytes) else user_agent
    match = _TOKEN.match(text.strip().lower())
    return match[0] if match else ""


@dataclass(slots=True)
class _Group:
    agents: set[str] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)  # as lines
    delays: list[float] = field(default_factory=list)  # seconds


class RobotRules(RobotParser):
    """The rules of one robots.txt, for Scrapy.

    A group binds the crawler whose product token it names, whatever version or contact stands
    beside it, and no other whose name is part of that. Paths are matched by Protego.
    """

    def __init__(self, body: bytes) -> None:
        self.signals: list[str] = []  # the values of Content-Signal lines
        self._groups: list[_Group] = []
        self._read(decode_robotstxt(body, None).replace("\0", ""))
        self._matchers: dict[str, Protego] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:  # noqa: ARG003
        return cls(robotstxt_body)

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        token = product_token(user_agent)
        if token not in self._matchers:
            rules = [rule for group in self._binding(token) for rule in group.rules]
            self._matchers[token] = Protego.parse("\n".join(("User-agent: *", *rules)))
        text = url.decode() if isinstance(url, bytes) else url
        return bool(self._matchers[token].can_fetch(text, _EVERYBODY))

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """The longest that the groups of a crawler ask for, in seconds."""
        binding = self._binding(product_token(user_agent))
        return max((delay for group in binding for delay in group.delays), default=None)

    def refused_ai(self) -> list[str]:
        """The crawlers for AI that the file names and allows nothing at the root."""
        named = {agent for group in self._groups for agent in group.agents}
        return [
            name
            for name in _AI_CRAWLERS
            if product_token(name) in named and not self.allowed("https://republika.co.id/", name)
        ]

    def _binding(self, token: str) -> list[_Group]:
        own = [group for group in self._groups if token and token in group.agents]
        return own or [group for group in self._groups if _EVERYBODY in group.agents]

    def _read(self, text: str) -> None:
        names_agents = False  # the last line of a group that has no rule yet
        group = _Group()
        for key, value in _lines(text):
            if key in _AGENT:
                if not names_agents:
                    group = _Group()
                    self._groups.append(group)
                names_agents = True
                group.agents.add(_agent(value))
            elif key == _ALLOW or key in _DISALLOW:
                names_agents = False
                if value:
                    group.rules.append(f"{'Allow' if key == _ALLOW else 'Disallow'}: {value}")
            elif key in _DELAY:  # a rule of the group, to who obeys it
                names_agents = False
                if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{0,9})?", value):
                    group.delays.append(float(value))
            elif key == _SIGNAL and value and value not in self.signals:
                self.signals.append(value)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The key, in small letters, and the value of each line that has both."""
    for line in _LINE.split(text):
        line = line.partition("#")[0].strip()
        key, colon, value = line.partition(":")
        if not colon:
            key, _, value = line.partition(" ")
            if len(value.split()) != 1:
                continue
        yield key.strip().lower(), value.strip()


def _agent(value: str) -> str:
    if value.split(None, 1)[:1] == [_EVERYBODY]:
        return _EVERYBODY
    return product_token(value)
