"""Pauses between two requests to one host, for whoever asks many addresses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

__all__ = ["Pauses"]


@dataclass(slots=True)
class Pauses:
    """When each host was asked last; `seconds` lie between two requests to one."""

    seconds: float = 2.0
    sleep: Callable[[float], None] = time.sleep
    _asked: dict[str, float] = field(default_factory=dict)

    def wait(self, url: str) -> None:
        """Waits until the host of an address may be asked, and counts it as asked."""
        left = self.left(url)
        if left > 0:
            self.sleep(left)
        self._asked[urlsplit(url).hostname or ""] = time.monotonic()

    def left(self, url: str) -> float:
        """Seconds until the host of an address may be asked; 0 or less when it may."""
        last = self._asked.get(urlsplit(url).hostname or "")
        return 0.0 if last is None else last + self.seconds - time.monotonic()
