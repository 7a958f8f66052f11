"""动态口令: which codes are taken, how they are set, and what somebody may try against them."""

from __future__ import annotations

import re
import time
from typing import Any

import pyotp
import pytest

from accounts import AccountsError, Store, codes, sessions, signing_in
from accounts.codes import STEP
from accounts.door import Door
from accounts.provider import Person
from tests.accounts.asgi import Answer, get, post
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_door import door_of
from tests.accounts.test_signing_in import HERE, THERE, refusal, run

# RFC 6238, appendix B, SHA-1: seconds → the last six of the eight figures given there.
VECTORS = {
    59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924",
    2000000000: "279037", 20000000000: "353130",
}  # fmt: skip
SECRET_OF_RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_CODES", "office,admin")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its only element, to be set by the test."""
    now = [time.time()]
    monkeypatch.setattr(codes.time, "time", lambda: now[0])
    return now


def shown(store: Store, name: str = "admin") -> str:
    """What the telephone of the account shows now."""
    return pyotp.TOTP(store.read("code", name=name)[0][0]).at(codes.time.time())


def with_codes(store: Store, name: str = "admin") -> None:
    codes.secret_to_confirm(store, name)
    token = signing_in.log_in(store, name, PASSWORD, HERE)
    session = sessions.find(store, token)
    signing_in.confirm_code(store, session, shown(store, name), HERE)


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(clock, at, code):
    clock[0] = at
    assert codes.step_of(SECRET_OF_RFC, code, 0) == at // STEP
    assert codes.step_of(SECRET_OF_RFC, f" {code[:3]} {code[3:]} ", 0) == at // STEP
    at = max(at, 3 * STEP)  # the clock of the vectors begins in 1970
    code = pyotp.TOTP(SECRET_OF_RFC).at(at)
    for seconds, is_taken in ((-STEP, True), (STEP, True), (-2 * STEP, False), (2 * STEP, False)):
        clock[0] = at + seconds
        assert (codes.step_of(SECRET_OF_RFC, code, 0) is not None) == is_taken


@pytest.mark.parametrize("code", ["", "0", "28708", "2870822", "二八七零八二", "x" * 1_000_000, "\x00"])  # fmt: skip
def test_what_is_no_code_is_not_taken(clock, code):
    clock[0] = 59
    assert codes.step_of(SECRET_OF_RFC, code, 0) is None
    assert codes.step_of(None, "287082", 0) is None


def test_every_code_around_now_is_compared(clock, monkeypatch):
    """So the time does not tell which one was right, or whether there is a secret at all."""
    clock[0] = 59
    compared = []
    real = codes.hmac.compare_digest
    monkeypatch.setattr(codes.hmac, "compare_digest", lambda *g: compared.append(1) or real(*g))
    for secret in (SECRET_OF_RFC, None):
        for code in ("287082", "000000"):
            compared.clear()
            codes.step_of(secret, code, 0)
            assert len(compared) == 3


def test_a_code_is_taken_once(store, clock):
    with_codes(store)
    used = shown(store)
    with pytest.raises(AccountsError, match=signing_in.WRONG_WITH_CODE):
        signing_in.log_in(store, "admin", PASSWORD, HERE, code=used)
    clock[0] += STEP
    signing_in.log_in(store, "admin", PASSWORD, HERE, code=shown(store))
    for code in (used, shown(store)):
        with pytest.raises(AccountsError, match=signing_in.WRONG_WITH_CODE):
            signing_in.log_in(store, "admin", PASSWORD, HERE, code=code)


def test_two_with_the_same_code_at_once(store, clock, monkeypatch):
    """Both have looked at it before either has stored that it is used."""
    with_codes(store)
    clock[0] += STEP
    step = codes.step_of(store.read("code", name="admin")[0][0], shown(store), 0)
    monkeypatch.setattr(codes, "step_of", lambda *_: step)
    signing_in.log_in(store, "admin", PASSWORD, HERE)
    with pytest.raises(AccountsError, match=signing_in.WRONG_WITH_CODE):
        signing_in.log_in(store, "admin", PASSWORD, HERE)


def test_a_wrong_code_is_answered_like_a_wrong_password_and_counts(store, clock):
    with_codes(store)
    clock[0] += STEP

    def wrong(password: str, code: str, name: str = "admin") -> str:
        with pytest.raises(AccountsError) as refused:
            signing_in.log_in(store, name, password, THERE, code=code)
        return str(refused.value)

    answers = {wrong(PASSWORD, "000000"), wrong(PASSWORD, ""), wrong("x", shown(store))}
    assert answers == {wrong("x", "", "nobody")} == {signing_in.WRONG_WITH_CODE}
    for _ in range(2):
        wrong(PASSWORD, "000000")
    assert wrong(PASSWORD, shown(store)) == signing_in.BLOCKED
    # Looked at beside a wrong password it is not used up.
    signing_in.log_in(store, "admin", PASSWORD, HERE, code=shown(store))


def test_who_needs_none_is_asked_for_none(store, monkeypatch):
    signing_in.log_in(store, "zhangsan", PASSWORD, HERE)
    with_codes(store)
    monkeypatch.setenv("CREDIT_CODES", "")
    signing_in.log_in(store, "admin", PASSWORD, HERE)
    assert refusal(store, "admin", "x", HERE) == signing_in.WRONG
    monkeypatch.setenv("CREDIT_CODES", "chief")
    with pytest.raises(AccountsError, match="CREDIT_CODES"):
        codes.roles()


def log_in(door: Door, name: str, code: str = "") -> Answer:
    page = get(door, "/account/login")
    form = re.search(r'name="form" value="(\w+)"', page.text).group(1)
    fields = {"form": form, "next": "/month", "name": name, "password": PASSWORD, "code": code}
    return post(door, "/account/login", fields, headers={"cookie": page.cookie()})


def test_the_codes_are_set_before_anything_else(store):
    door = door_of(store)
    headers: dict[str, Any] = {"cookie": log_in(door, "admin").cookie()}
    led = get(door, "/overview", headers=headers)
    assert led.header("location") == "/account/code?next=/overview"
    assert get(door, "/media/a", headers={**headers, "accept": "*/*"}).status == 401
    page = get(door, "/account/code?next=/overview", headers=headers)
    secret = store.read("code", name="admin")[0][0]
    assert secret in re.search(r'class="secret"[^>]*>(.*?)<', page.text).group(1).replace(" ", "")
    assert "<svg" in page.text
    assert "style=" not in page.text  # the page's policy allows none
    assert get(door, "/account/code", headers=headers).text.count(secret[:4]) == page.text.count(secret[:4])  # fmt: skip
    form = re.search(r'name="form" value="(\w+)"', page.text).group(1)
    fields = {"form": form, "next": "/overview", "code": "000000"}
    assert "动态口令不对" in post(door, "/account/code", fields, headers=headers).text
    assert post(door, "/account/code", {**fields, "form": ""}, headers=headers).status == 403
    answer = post(door, "/account/code", {**fields, "code": shown(store)}, headers=headers)
    assert answer.header("location") == "/overview"
    renewed = {"cookie": answer.cookie()}
    assert get(door, "/overview", headers=renewed).text == "inside"
    assert get(door, "/overview", headers=headers).status == 303  # the id is another
    # Once set, the secret is shown nowhere again.
    assert get(door, "/account/code", headers=renewed).status == 404
    assert secret not in get(door, "/account/", headers=renewed).text
    assert log_in(door, "admin").status == 403
    assert log_in(door, "zhangsan").status == 303
    assert "动态口令" in get(door, "/account/login").text


def test_the_administrator_resets_the_codes(store):
    with_codes(store)
    secret = store.read("code", name="admin")[0][0]
    token = signing_in.log_in(store, "zhangsan", PASSWORD, HERE)
    assert store.account("admin").has_code
    store.reset_code("admin", by="second")
    assert not store.account("admin").has_code
    assert sessions.find(store, token).account == "zhangsan"
    session = sessions.find(store, signing_in.log_in(store, "admin", PASSWORD, HERE))
    assert session.must_set_code
    assert codes.secret_to_confirm(store, "admin") != secret
    assert [event.kind for event in store.events()[:2]] == ["login", "code_reset"]


def test_the_command_line_resets_the_codes(store):
    with_codes(store)
    store.close()
    assert "已重置“admin”的动态口令" in run(store.path.parent, "reset-code", "admin").stdout
    assert not store.account("admin").has_code


def test_the_secret_is_in_no_log(store, tmp_path):
    with_codes(store)
    refusal(store, "admin", PASSWORD, HERE)
    logged = (tmp_path / "access.log").read_text(encoding="utf-8")
    assert "code_set" in logged
    assert store.read("code", name="admin")[0][0] not in logged


def test_a_person_of_the_provider_is_asked_for_no_code(store):
    ask = Person("1", "admin", "王管理", None, ())
    token = signing_in.log_in_by_provider(store, "https://sso.example.cn", lambda: ask, HERE)
    assert not sessions.find(store, token).must_set_code
