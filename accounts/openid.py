"""The talk with a provider of 统一身份认证: discovery, keys, code for token, and whom the token names.

Owns each request to the provider and the check of what it answers. Refuses to know: where the settings
come from, the file of accounts, requests to the platform. Rules after OpenID Connect Core 1.0, 3.1
(authorization code), and RFC 7636 (PKCE, S256).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from accounts.provider import Person, Settings, is_safe
from accounts.store import LONGEST_DISPLAY_NAME, AccountsError
from words import ACCOUNT_ROLES

LEEWAY = 120
"""Seconds by which the clocks of provider and platform may differ."""
TIMEOUT = (3, 5)
"""Seconds until a connection stands, and until it answers."""
KEPT, KEPT_FAILURE, KEPT_KEYS = 3600, 5, 60
"""Seconds for which the provider's own description is believed, for which it counts as unreachable
after it was, and after which its keys may be fetched again for a key that is not among them."""
ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
"""Signatures by a key that only the provider has; not `none`, not one made with the client's secret."""
UNREACHABLE = "统一身份认证现在连不上，请过一会儿再试；一直这样的，请联系系统管理员。"
CLOCKS_DIFFER = (
    "这台服务器和统一身份认证的时钟相差太多，没有登录；请告诉系统管理员校准服务器的时间。"
)
NOT_TRUSTED = "统一身份认证的答复核对不上，没有登录；请重新登录，一直这样的请联系系统管理员。"
_BASIC = "client_secret_basic"
log = logging.getLogger(__name__)


class Provider:
    """The provider of the settings. Its methods wait for the network: not for the event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._description: dict[str, Any] = {}
        self._described_at = self._failed_at = self._keys_at = float("-inf")
        self._keys: KeySet | None = None

    def login_address(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser logs in; `back` is our address to which it then returns. Raises
        `AccountsError`."""
        endpoint = self._endpoint("authorization_endpoint")
        client = self._client(back)
        address, _ = client.create_authorization_url(
            endpoint, state=state, nonce=nonce, code_verifier=verifier
        )
        return str(address)

    def person(self, code: str, back: str, nonce: str, verifier: str) -> Person:
        """Whom the code of a returning browser stands for. Raises `AccountsError`."""
        client = self._client(back)
        try:
            token = client.fetch_token(
                self._endpoint("token_endpoint"), code=code, code_verifier=verifier
            )
        except requests.RequestException as error:
            raise _unreachable(error) from error
        except (AuthlibBaseError, ValueError) as error:
            raise _not_trusted(error) from error
        claims = self._checked(token, nonce)
        missing = [each for each in self.settings.claims.values() if _named(claims, each) is None]
        if missing and self._described().get("userinfo_endpoint"):
            claims = {**self._more(client, str(claims["sub"])), **claims}
        return self._read(claims)

    def _client(self, back: str) -> OAuth2Session:
        settings = self.settings
        client = OAuth2Session(
            settings.client_id,
            settings.client_secret,
            scope=settings.scope,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method=self._proof(),
            default_timeout=TIMEOUT,
        )
        # Code, secret and token go to the address that is named and to no other.
        client.max_redirects = 0
        return client

    def _described(self) -> dict[str, Any]:
        """The provider's own description of itself (discovery)."""
        with self._lock:
            now = time.monotonic()
            if now - self._described_at < KEPT:
                return self._description
            if now - self._failed_at < KEPT_FAILURE:
                raise AccountsError(UNREACHABLE)
            issuer = self.settings.issuer.rstrip("/")
            try:
                description = _fetched(f"{issuer}/.well-known/openid-configuration")
            except AccountsError:
                self._failed_at = time.monotonic()
                raise
            if str(description.get("issuer", "")).rstrip("/") != issuer:
                raise _not_trusted(f"issuer is {description.get('issuer')!r}")
            self._description, self._described_at = description, now
            return description

    def _proof(self) -> str:
        """How the client's secret is handed over: in a header, unless the provider takes it in the body
        alone."""
        taken = self._described().get("token_endpoint_auth_methods_supported") or [_BASIC]
        return _BASIC if _BASIC in taken else "client_secret_post"

    def _endpoint(self, name: str) -> str:
        address = str(self._described().get(name, ""))
        if not is_safe(address):
            raise _not_trusted(f"{name} is {address!r}")
        return address

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            keys, is_fresh = self._keys, time.monotonic() - self._keys_at < KEPT_KEYS
        if keys is None or (anew and not is_fresh):
            found = _fetched(self._endpoint("jwks_uri"))
            try:
                keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
            except (JoseError, KeyError, TypeError, ValueError) as error:
                raise _not_trusted(error) from error
            with self._lock:
                self._keys, self._keys_at = keys, time.monotonic()
        return keys

    def _checked(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of an id token whose signature, issuer, audience, times and nonce are right."""
        given = str(token.get("id_token", ""))
        try:
            try:
                read = jwt.decode(given, self._key_set(), algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                read = jwt.decode(given, self._key_set(anew=True), algorithms=ALGORITHMS)
            options = {
                "iss": {"essential": True, "value": self._described()["issuer"]},
                "aud": {"essential": True, "value": self.settings.client_id},
            }
            params = {
                "nonce": nonce,
                "client_id": self.settings.client_id,
                "access_token": token.get("access_token"),
            }
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(leeway=LEEWAY)
        except ExpiredTokenError as error:
            raise _not_trusted(error, CLOCKS_DIFFER) from error
        except InvalidClaimError as error:
            is_time = error.claim in ("iat", "nbf", "exp")
            raise _not_trusted(error, CLOCKS_DIFFER if is_time else NOT_TRUSTED) from error
        except (JoseError, AuthlibBaseError, KeyError, TypeError, ValueError) as error:
            raise _not_trusted(error) from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise _not_trusted("no subject")
        return dict(claims)

    def _more(self, client: OAuth2Session, subject: str) -> dict[str, Any]:
        """The claims of the userinfo endpoint, which some providers leave out of the id token."""
        try:
            answer = client.get(self._endpoint("userinfo_endpoint"))
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise _unreachable(error) from error
        if not isinstance(found, dict) or found.get("sub") != subject:
            raise _not_trusted("userinfo is of another subject")
        return found

    def _read(self, claims: Mapping[str, Any]) -> Person:
        """The person of checked claims."""
        given = {name: _named(claims, claim) for name, claim in self.settings.claims.items()}
        for name in ("account", "name"):
            if not isinstance(given[name], str) or not str(given[name]).strip():
                raise AccountsError(
                    f"统一身份认证没有给出“{self.settings.claims[name]}”，没有登录；"
                    "请系统管理员核对环境变量 CREDIT_OIDC_CLAIMS 和 CREDIT_OIDC_SCOPE。"
                )
        role: str | None = None
        if "role" in given:
            ours = {self.settings.roles.get(value, "") for value in _listed(given["role"])} - {""}
            if len(ours) > 1:
                named = "、".join(ACCOUNT_ROLES[each] for each in ACCOUNT_ROLES if each in ours)
                raise AccountsError(
                    f"统一身份认证给了几个角色（{named}），没有登录；请管理员只留一个。"
                )
            role = "".join(ours)
        units = _listed(given.get("units")) if role == "unit" else ()
        if role == "unit" and not units:
            raise AccountsError(
                f"统一身份认证没有给出单位（“{self.settings.claims['units']}”），没有登录；请联系管理员。"
            )
        display_name = str(given["name"]).strip()[:LONGEST_DISPLAY_NAME]
        return Person(str(claims["sub"]), str(given["account"]), display_name, role, units)


def _fetched(address: str) -> dict[str, Any]:
    """A JSON object from an address of the provider's."""
    try:
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise _unreachable(error) from error
    if not isinstance(found, dict):
        raise _not_trusted(f"{address} is no JSON object")
    return found


def _named(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of this name, or the one inside others that the dots lead to; None without it."""
    found: Any = claims
    for part in (name,) if name in claims else name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _listed(value: Any) -> tuple[str, ...]:
    """A claim of one or several values."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(str(each).strip() for each in values if each not in (None, "")))


def _unreachable(error: object) -> AccountsError:
    log.warning("provider unreachable: %s", error)
    return AccountsError(UNREACHABLE)


def _not_trusted(error: object, sentence: str = NOT_TRUSTED) -> AccountsError:
    log.warning("provider not believed: %s", error)
    return AccountsError(sentence)
