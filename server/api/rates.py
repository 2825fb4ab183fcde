"""How often one address, and all together, may ask something that costs nothing to ask.

Counted in the memory of one process and forgotten with it: what is refused here has cost no question to the
database. Several processes would let as many times more through: what passes is counted once more, for all of
them, by `server.pages.limits`.
"""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock
from time import monotonic
from typing import Final

ADDRESSES_MAX: Final = 4_096
_EVERYBODY: Final = ""


class Rates:
    """Counts over periods of fixed length. Safe in several threads."""

    def __init__(
        self,
        *,
        each: int,
        each_seconds: int,
        together: int,
        together_seconds: int,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Args:
        each: how often one address may ask in `each_seconds`.
        together: how often all of them may in `together_seconds`.
        """
        self._each, self._each_seconds = each, each_seconds
        self._together, self._together_seconds = together, together_seconds
        self._clock, self._lock = clock, Lock()
        self._asked: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._all = (0.0, 0)

    def wait_seconds(self, address: str) -> int:
        """0 when this may be answered now, and it is counted; else after how long to come back."""
        now, name = self._clock(), _network(address)
        with self._lock:
            began, count = self._asked.get(name, (now, 0))
            if now - began >= self._each_seconds:
                began, count = now, 0
            if count >= self._each:
                return 1 + int(began + self._each_seconds - now)
            all_began, all_count = self._all
            if now - all_began >= self._together_seconds:
                all_began, all_count = now, 0
            if all_count >= self._together:
                return 1 + int(all_began + self._together_seconds - now)
            self._all = (all_began, all_count + 1)
            self._asked[name] = (began, count + 1)
            self._asked.move_to_end(name)
            if len(self._asked) > ADDRESSES_MAX:  # the one that has not asked for longest
                self._asked.popitem(last=False)
        return 0


def _network(address: str) -> str:
    """One customer of a network: an IPv4 address, or the 64 first bits of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return _EVERYBODY
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> 64)
    return str(parsed)
