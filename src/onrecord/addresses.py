"""Which addresses may be fetched: URLs as browsers read them, IP addresses by a table of our own.

`urllib` takes another host than a browser from one URL in six of the WHATWG test set, and
`ipaddress.is_global` lets loopback pass when it is written as NAT64, 6to4 or IPv4-compatible. So
URLs go through `ada_url`, and an IP address is public only when no row below says otherwise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.errors import RefusedError, SettingsError

__all__ = ["Address", "Network", "address", "is_public", "networks"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {"http": 80, "https": 443}

# IPv4 that is not a host on the public internet (IANA special-purpose registry, RFC 6890 and on).
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; cloud metadata lives here
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")  # the only block given out to hosts
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the old 6bone
        "3fff::/20",  # documentation
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address inside, judged as such


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that may be looked up: http or https, with a host and without credentials.

    `url` is normalised and without fragment; `host` is ASCII, an IPv6 address without brackets;
    `target` is path and query as they go into the request.
    """

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what robots.txt belongs to."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def address(url: str, *, base: str | None = None, ports: Sequence[int] = (80, 443)) -> Address:
    """The address that a browser would go to; `base` is where a relative one was found.

    Raises `RefusedError` for what is no URL, another scheme than http and https, credentials, and
    ports that are not in `ports`.

    >>> address("HTTP://0x7f.1:80/a?b#c").url
    'http://127.0.0.1/a?b'
    """
    import ada_url

    shown = repr(url[:200])
    try:
        parsed = ada_url.URL(url, base) if base else ada_url.URL(url)
    except (ValueError, UnicodeError):
        raise RefusedError(
            f"{shown} is no address; expected one such as https://example.org/page"
        ) from None
    scheme = str(parsed.protocol).removesuffix(":")
    if scheme not in _PORTS:
        raise RefusedError(f"{shown} has the scheme {scheme!r}; expected http or https")
    if parsed.username or parsed.password:
        raise RefusedError(f"the address of {parsed.hostname!r} holds credentials; give it without")
    host = str(parsed.hostname).removeprefix("[").removesuffix("]")
    if not host.strip("."):
        raise RefusedError(f"{shown} names no host; expected one such as https://example.org/page")
    port = int(parsed.port) if parsed.port else _PORTS[scheme]
    if port not in ports:
        allowed = ", ".join(map(str, ports))
        raise RefusedError(
            f"{shown} asks for port {port}; allowed are {allowed}; add it to fetch.ports if needed"
        )
    parsed.hash = ""
    return Address(
        url=str(parsed.href),
        scheme=scheme,
        host=host,
        port=port,
        target=f"{parsed.pathname or '/'}{parsed.search}",
    )


def networks(allowed: Sequence[str]) -> tuple[Network, ...]:
    """The networks that a setting names; `SettingsError` where one is no IP address or network."""
    found: list[Network] = []
    for name in allowed:
        try:
            found.append(ipaddress.ip_network(name))
        except ValueError as error:
            raise SettingsError(
                f"fetch.allowed_addresses names {name!r}: {error}; expected an IP address such as "
                "127.0.0.1 or a network such as 10.2.0.0/16"
            ) from error
    return tuple(found)


def is_public(ip: str, *, allowed: Sequence[Network] = ()) -> bool:
    """Whether an IP address is a host on the public internet, or in an allowed network.

    >>> is_public("93.184.216.34"), is_public("64:ff9b::7f00:1"), is_public("::ffff:8.8.8.8")
    (True, False, False)
    """
    try:
        parsed: _IP = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if any(parsed in network for network in allowed):
        return True
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _CLOSED_V4)
    if parsed.scope_id is not None:
        return False
    if parsed in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    return parsed in _OPEN_V6 and not any(parsed in network for network in _CLOSED_V6)
