"""From where a request comes, and what it needs: nothing, a login, or not to be answered at all.

Owns the one rule of the two ways to run, and what a trusted proxy is. Refuses to know: sessions,
pages.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from accounts.store import AccountsError

PROXY_HEADER = b"x-credit-proxy"
"""By which a trusted proxy proves itself: the shared secret."""
SHORTEST_SECRET = 16
Ruling = Literal["open", "login", "refused"]
Scope = Mapping[str, Any]


@dataclass(frozen=True)
class Proxy:
    """The reverse proxies that are believed: from these networks, with this secret."""

    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    secret: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Proxy:
        """`CREDIT_PROXY` (addresses or networks, with commas) and `CREDIT_PROXY_SECRET`; raises
        `AccountsError`."""
        named, secret = environment.get("CREDIT_PROXY", ""), environment.get("CREDIT_PROXY_SECRET", "")  # fmt: skip
        addresses = [each.strip() for each in named.split(",") if each.strip()]
        if bool(addresses) != bool(secret):
            raise AccountsError(
                "环境变量 CREDIT_PROXY（代理的地址）和 CREDIT_PROXY_SECRET（口令）要一起设置。"
            )
        if secret and (len(secret) < SHORTEST_SECRET or not secret.isascii()):
            raise AccountsError(
                f"环境变量 CREDIT_PROXY_SECRET 要有 {SHORTEST_SECRET} 个以上的字母或数字。"
            )
        try:
            networks = tuple(ipaddress.ip_network(each) for each in addresses)
        except ValueError as error:
            raise AccountsError(
                f"环境变量 CREDIT_PROXY 中的地址不对（{error}），应是 10.0.0.5 或 10.0.0.0/24 这样的。"
            ) from error
        return cls(networks, secret)

    def is_sender(self, scope: Scope) -> bool:
        """Whether this proxy hands a request on."""
        peer, given = _peer(scope), header(scope, PROXY_HEADER)
        return (
            bool(self.secret)
            and peer is not None
            and any(peer in network for network in self.networks)
            and hmac.compare_digest(given.encode("latin-1"), self.secret.encode())
        )


def configured_proxy() -> Proxy:
    """The proxies that this process believes; a wrong setting ends the program with a sentence."""
    try:
        return Proxy.from_environment(os.environ)
    except AccountsError as error:
        sys.exit(str(error))


@dataclass(frozen=True)
class Reach:
    """Where a request comes from."""

    address: str
    """The client's, as far as it is known: of a trusted proxy's request the one that it names."""
    is_local: bool
    """From this machine, to this machine, under a name of this machine, and handed on by nobody."""
    is_from_proxy: bool
    """Handed on by a trusted proxy."""
    is_encrypted: bool
    host_is_local: bool

    @property
    def may_log_in(self) -> bool:
        """A password goes over no line that others can read."""
        return self.is_encrypted or self.host_is_local


def reach_of(scope: Scope, proxy: Proxy) -> Reach:
    """Where a request comes from, by its connection and its headers."""
    peer, server = _peer(scope), _address((scope.get("server") or ("", 0))[0])
    is_from_proxy = proxy.is_sender(scope)
    host_is_local = is_of_this_machine(header(scope, b"host"))
    forwarded_for = header(scope, b"x-forwarded-for").rpartition(",")[2].strip()
    named = _address(forwarded_for) if is_from_proxy else None
    # Whether the browser's line is encrypted is told by any proxy: a false answer harms its client only.
    scheme = header(scope, b"x-forwarded-proto") or scope.get("scheme", "")
    return Reach(
        address=str(named or peer or ""),
        is_local=bool(peer and peer.is_loopback and server and server.is_loopback and host_is_local)
        and not is_forwarded(scope),
        is_from_proxy=is_from_proxy,
        is_encrypted=scheme in ("https", "wss"),
        host_is_local=host_is_local,
    )


def rule(reach: Reach, *, has_logins: bool, is_opened: bool) -> Ruling:
    """What a request needs; `is_opened`: the platform listens at, or answers to, more than this
    machine. With accounts or 统一身份认证 always a login; without, this machine alone or a trusted proxy, which asks
    for the login itself."""
    if has_logins:
        return "login"
    if reach.is_from_proxy or (reach.is_local and not is_opened):
        return "open"
    return "refused"


def is_forwarded(scope: Scope) -> bool:
    """Whether some proxy handed a request on."""
    return any(
        name == b"forwarded" or name.startswith(b"x-forwarded-") or name == b"x-real-ip"
        for name, _ in _headers(scope)
    )


def is_opened(hosts: Iterable[str]) -> bool:
    """Whether any of the addresses and names is not of this machine alone; none at all is all."""
    named = list(hosts)
    return not named or not all(is_of_this_machine(each) for each in named)


def is_of_this_machine(host: str) -> bool:
    """Whether a name or address, with or without a port, is of this machine alone."""
    name = host.lower().rstrip(".")
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def header(scope: Scope, name: bytes) -> str:
    """A header's value, "" where there is none; of several the last."""
    values = [value for each, value in _headers(scope) if each == name]
    return values[-1].decode("latin-1") if values else ""


def _headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The headers; an underscore counts as a hyphen, as some programs behind a server read it."""
    return [(name.lower().replace(b"_", b"-"), value) for name, value in scope["headers"]]


def _peer(scope: Scope) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    return _address((scope.get("client") or ("", 0))[0])


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address; an IPv4 one that arrives at an IPv6 socket is itself. None for what is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
