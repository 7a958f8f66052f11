"""动态口令: codes of six figures that a telephone shows, new every 30 seconds (RFC 6238).

Owns for which roles they are asked, the secret and its picture, and which code is right. Refuses to
know: HTTP, how attempts are counted.
"""

from __future__ import annotations

import hmac
import os
import time
import unicodedata

import pyotp
import segno

from accounts.store import AccountsError, Store
from words import ACCOUNT_ROLES

STEP = 30
"""Seconds for which a code is shown; the one before and the one after are taken as well."""
ISSUER = "信用交通省台账"
_NOBODYS_SECRET = pyotp.random_base32()


def roles() -> frozenset[str]:
    """The roles whose accounts need a code beside their password: `CREDIT_CODES`, by default none."""
    text = os.environ.get("CREDIT_CODES", "")
    named = frozenset(each.strip() for each in text.split(",") if each.strip())
    if not named <= set(ACCOUNT_ROLES):
        raise AccountsError(
            f"环境变量 CREDIT_CODES 是“{text}”，应是用逗号隔开的角色（{'、'.join(ACCOUNT_ROLES)}）。"
        )
    return named


def secret_to_confirm(store: Store, account: str) -> str:
    """The secret that an account is offered until it has confirmed it, the same at each look; raises
    `AccountsError` once it has."""
    with store.writing() as writing:
        writing.run("offer_code", name=account, secret=pyotp.random_base32())
        ((secret, _, is_confirmed),) = writing.run("code", name=account)
    if is_confirmed:
        raise AccountsError("动态口令已经设置；换了手机的，请管理员先重置。")
    return str(secret)


def picture(secret: str, account: str) -> str:
    """The secret as a QR code for the telephone, an <svg> made here."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
    return segno.make(address, error="m").svg_inline(omitsize=True, svgclass="qr")


def step_of(secret: str | None, code: str, last_step: int) -> int | None:
    """The step whose code this is, later than the last one that was used; None for a wrong, an old or a
    used one. Takes as long for whatever is given, and without a secret nothing is right."""
    given = "".join(unicodedata.normalize("NFKC", code[:64]).split()).encode()
    now, right = int(time.time()) // STEP, None
    codes = pyotp.TOTP(secret or _NOBODYS_SECRET)
    for step in (now - 1, now, now + 1):
        is_right = hmac.compare_digest(codes.generate_otp(step).encode(), given)
        if is_right and step > last_step:
            right = step
    return right if secret else None
