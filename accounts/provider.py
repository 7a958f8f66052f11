"""统一身份认证: the settings of an OpenID Connect provider, and whom it names.

Owns what may be set and what a claim means here. Refuses to know: how a provider is asked, the file of
accounts, sessions.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from accounts.reach import is_of_this_machine
from accounts.store import AccountsError
from words import ACCOUNT_ROLES

if TYPE_CHECKING:
    from accounts.openid import Provider

DEFAULT_CLAIMS = "account=preferred_username,name=name"
FIELDS = ("account", "name", "role", "units")


@dataclass(frozen=True)
class Settings:
    """How the provider is reached, and what its claims mean here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    claims: Mapping[str, str]
    """Each of FIELDS that is taken from the provider → the name of the claim, with dots between names
    where one lies in another. Without `role` the administrator gives the accounts."""
    roles: Mapping[str, str]
    """Value of the claim for the role → one of `ACCOUNT_ROLES`; other values mean nothing here."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings | None:
        """None without `CREDIT_OIDC`; raises `AccountsError` for settings that do not go together."""
        issuer = environment.get("CREDIT_OIDC", "").strip()
        if not issuer:
            return None
        if not is_safe(issuer):
            raise AccountsError(
                f"环境变量 CREDIT_OIDC 是“{issuer}”，应是统一身份认证的网址，以 https:// 开头。"
            )
        client_id, secret = environment.get("CREDIT_OIDC_CLIENT", "").strip(), _secret(environment)
        if not client_id or not secret:
            raise AccountsError(
                "设置了 CREDIT_OIDC 的，还要设置 CREDIT_OIDC_CLIENT（应用编号）和 "
                "CREDIT_OIDC_SECRET 或 CREDIT_OIDC_SECRET_FILE（应用口令）。"
            )
        claims = _pairs(environment, "CREDIT_OIDC_CLAIMS", DEFAULT_CLAIMS)
        roles = _pairs(environment, "CREDIT_OIDC_ROLES", "")
        if not {"account", "name"} <= set(claims) <= set(FIELDS):
            raise AccountsError(
                "环境变量 CREDIT_OIDC_CLAIMS 要写明 account 和 name，可写 role 和 units，"
                f"例如 {DEFAULT_CLAIMS},role=roles,units=department。"
            )
        if ("role" in claims) != bool(roles) or not set(roles.values()) <= set(ACCOUNT_ROLES):
            raise AccountsError(
                "环境变量 CREDIT_OIDC_CLAIMS 写了 role 的，CREDIT_OIDC_ROLES 要写明它的哪个值是哪个角色"
                "（unit、office、leader、admin），例如 credit-office=office；没有写 role 的，不要设置它。"
            )
        if ("units" in claims) != ("unit" in roles.values()):
            raise AccountsError(
                "环境变量 CREDIT_OIDC_ROLES 有 unit 的，CREDIT_OIDC_CLAIMS 要写明 units；没有的不要写 units。"
            )
        scope = environment.get("CREDIT_OIDC_SCOPE", "").strip() or "openid profile"
        return cls(issuer, client_id, secret, scope, claims, roles)


@dataclass(frozen=True)
class Person:
    """Whom the provider names."""

    subject: str
    account: str
    display_name: str
    role: str | None
    """None where the administrator gives the roles; "" where the provider gives none of ours."""
    units: tuple[str, ...]


def configured_settings() -> Settings | None:
    """The provider that this process believes; wrong settings end the program with a sentence."""
    try:
        return Settings.from_environment(os.environ)
    except AccountsError as error:
        sys.exit(str(error))


def configured_provider() -> Provider | None:
    """The provider of `configured_settings`; None without."""
    settings = configured_settings()
    if settings is None:
        return None
    # What it takes to ask a provider loads for some tenths of a second.
    from accounts.openid import Provider

    return Provider(settings)


def is_safe(address: str) -> bool:
    """Whether what goes to an address can be read by nobody on the way."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_of_this_machine(parts.netloc))
    )


def _pairs(environment: Mapping[str, str], name: str, default: str) -> dict[str, str]:
    """`a=b,c=d` as a dict."""
    text = environment.get(name, "").strip() or default
    pairs = [each.partition("=") for each in text.split(",") if each.strip()]
    found = {left.strip(): right.strip() for left, _, right in pairs}
    if len(found) != len(pairs) or not all(left and right for left, right in found.items()):
        raise AccountsError(f"环境变量 {name} 是“{text}”，应是用逗号隔开的 名称=值。")
    return found


def _secret(environment: Mapping[str, str]) -> str:
    """`CREDIT_OIDC_SECRET`, or the content of the file that `CREDIT_OIDC_SECRET_FILE` names."""
    file = environment.get("CREDIT_OIDC_SECRET_FILE", "").strip()
    if not file:
        return environment.get("CREDIT_OIDC_SECRET", "").strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise AccountsError(
            f"环境变量 CREDIT_OIDC_SECRET_FILE 的文件 {file} 读不出来（{error}），请改正后重新启动。"
        ) from error
