"""统一身份认证: logins by a provider that runs beside the test, and what somebody may forge."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread

from accounts import AccountsError, Store, openid, passwords, sessions
from accounts.door import Door, Served
from accounts.openid import CLOCKS_DIFFER, LEEWAY, NOT_TRUSTED, UNREACHABLE, Provider
from accounts.provider import Person, Settings
from accounts.signing_in import log_in_by_provider
from accounts.store import _schema_steps
from tests.accounts.asgi import Answer, get
from tests.accounts.test_door import HOSTS, PROXY, Behind

PEOPLE = {
    "1001": {"preferred_username": "zhangsan", "name": "张三丰", "groups": ["credit-office"]},
    "1002": {"preferred_username": "wangwu", "name": "王五", "groups": ["staff", "credit-unit"], "department": ["厅运输处", "厅规划处"]},
    "1003": {"preferred_username": "zhaoliu", "name": "赵六", "groups": "staff"},
    "1004": {"preferred_username": "qianqi", "name": "钱七", "groups": ["credit-unit", "credit-admin"], "department": "厅运输处"},
    "1005": {"preferred_username": "sunba", "name": "孙八", "groups": "credit-unit"},
    "1006": {"preferred_username": "ZhangSan", "name": "另一个张三", "groups": "credit-office"},
    "1007": {"preferred_username": "admin", "name": "王管理", "groups": "credit-unit", "department": "厅运输处"},
    "1008": {"name": "没有账号名", "groups": "credit-office"},
}  # fmt: skip
BY_ADMINISTRATOR = {"CREDIT_OIDC_CLIENT": "credit", "CREDIT_OIDC_SECRET": "a-secret-of-the-client"}
BY_PROVIDER = {
    **BY_ADMINISTRATOR,
    "CREDIT_OIDC_CLAIMS": "account=preferred_username,name=name,role=groups,units=department",
    "CREDIT_OIDC_ROLES": "credit-office=office,credit-unit=unit,credit-admin=admin",
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(require_nonce=True, user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


def settings_of(issuer: str, given: dict[str, str]) -> Settings:
    settings = Settings.from_environment({"CREDIT_OIDC": issuer, **given})
    assert settings is not None
    return settings


DoorOf = Callable[[dict[str, str]], Door]


@pytest.fixture
def door_with(store: Store, issuer: str) -> DoorOf:
    """The door of the store, with the provider of these settings."""

    def door(given: dict[str, str]) -> Door:
        served = Served(lambda: HOSTS, lambda: "", lambda _: True)
        return Door(Behind(), served, PROXY, store, Provider(settings_of(issuer, given)))

    return door


def leave(door: Door, onward: str = "/month") -> Answer:
    answer = get(door, f"/account/provider?next={quote(onward)}")
    assert answer.status == 303, answer.text
    return answer


def agree(answer: Answer, subject: str, action: str = "authorize") -> str:
    """The person logs in at the provider; where it leads the browser to."""
    form = {"sub": subject, "action": action}
    agreed = requests.post(answer.header("location"), form, allow_redirects=False, timeout=10)
    assert agreed.status_code == 302, agreed.text
    back = urlsplit(agreed.headers["location"])
    assert back.netloc == "127.0.0.1:8501"
    return f"{back.path}?{back.query}"


def arrive(door: Door, subject: str) -> Answer:
    """A whole login by the provider."""
    left = leave(door)
    return get(door, agree(left, subject), headers={"cookie": left.cookie()})


def refusal(answer: Answer) -> str:
    """The sentence on the login page; nobody is in."""
    assert answer.status in (403, 503), answer.header("location")
    return re.search(r'role="alert">(.*?)</p>', answer.text).group(1)


def test_a_person_of_the_provider_is_in_by_the_account_of_the_name(store, door_with):
    door = door_with(BY_ADMINISTRATOR)
    left = leave(door)
    answer = get(door, agree(left, "1001"), headers={"cookie": left.cookie()})
    assert (answer.status, answer.header("location")) == (303, "/month")
    assert answer.cookie() != left.cookie()  # the id is another after the login
    assert get(door, "/", headers={"cookie": left.cookie()}).status == 303
    assert get(door, "/", headers={"cookie": answer.cookie()}).text == "inside"
    assert door.app.identities() == [[b"zhangsan"]]
    who = store.account("zhangsan")
    assert (who.display_name, who.role, who.units) == ("张三丰", "unit", ("厅运输处",))
    event = store.events()[0]
    assert (event.kind, event.account, event.detail) == ("login", "zhangsan", "统一身份认证")
    page = get(door, "/account/", headers={"cookie": answer.cookie()}).text
    assert "统一身份认证的登录还在" in page


def test_what_the_browser_takes_to_the_provider(door_with):
    first, second = leave(door_with(BY_ADMINISTRATOR)), leave(door_with(BY_ADMINISTRATOR))
    asked = {k: v[-1] for k, v in parse_qs(urlsplit(first.header("location")).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://127.0.0.1:8501/account/return"
    assert asked["scope"] == "openid profile"
    other = {k: v[-1] for k, v in parse_qs(urlsplit(second.header("location")).query).items()}
    for name in ("state", "nonce", "code_challenge"):
        assert asked[name] != other[name]
    assert BY_ADMINISTRATOR["CREDIT_OIDC_SECRET"] not in first.header("location")
    assert "HttpOnly" in first.header("set-cookie")


def test_roles_and_units_follow_the_provider(store, door_with):
    door = door_with(BY_PROVIDER)
    open_before = get(door, "/", headers={"cookie": arrive(door, "1002").cookie()})
    assert open_before.text == "inside"
    who = store.account("wangwu")
    assert (who.role, who.units, who.has_password) == ("unit", ("厅运输处", "厅规划处"), False)
    assert arrive(door, "1001").status == 303
    assert (store.account("zhangsan").role, store.account("zhangsan").units) == ("office", ())
    store.change_role("wangwu", "leader")
    assert arrive(door, "1002").status == 303
    assert store.account("wangwu").role == "unit"


@pytest.mark.parametrize(
    ("given", "subject", "sentence"),
    [
        (BY_ADMINISTRATOR, "1002", "“wangwu”在本平台没有账号"),
        (BY_ADMINISTRATOR, "1008", "没有给出“preferred_username”"),
        (BY_PROVIDER, "1003", "没有账号，没有登录"),
        (BY_PROVIDER, "1004", "几个角色（处室/单位、管理员）"),
        (BY_PROVIDER, "1005", "没有给出单位（“department”）"),
        (BY_PROVIDER, "1007", "最后一个能用的管理员"),
    ],
)
def test_who_has_no_account_gets_a_sentence(store, door_with, given, subject, sentence):
    before = store.accounts()
    assert sentence in refusal(arrive(door_with(given), subject))
    assert [each for each in store.accounts() if each not in before] in (
        [],
        [store.account("admin")],
    )
    assert store.account("admin").role == "admin"
    assert store.events()[0].kind == "login_failed"


def test_a_disabled_account_stays_out(store, door_with):
    door = door_with(BY_ADMINISTRATOR)
    store.disable("zhangsan")
    assert refusal(arrive(door, "1001")) == sessions.REASONS["disabled"]


def test_an_account_is_of_one_person_of_the_provider(door_with):
    door = door_with(BY_ADMINISTRATOR)
    assert arrive(door, "1001").status == 303
    assert "另一个人" in refusal(arrive(door, "1006"))


def test_a_person_keeps_the_account_under_another_name(store, issuer):
    ask = [Person("1", "zhangsan", "张三", None, ()), Person("1", "admin", "张三", None, ())]
    for person in ask:
        token = log_in_by_provider(store, issuer, lambda person=person: person, "10.0.0.8")
        session = sessions.find(store, token)
        assert session.account == "zhangsan"


def test_nobody_takes_over_the_login_of_another(door_with):
    """The state is of one browser's cookie: neither another's, nor a forged one, nor the same again."""
    door = door_with(BY_ADMINISTRATOR)
    left, other = leave(door), leave(door)
    back = agree(left, "1001")
    forged = re.sub(r"state=[^&]*", "state=x./month", back)
    for address, cookie in ((back, other.cookie()), (back, ""), (forged, left.cookie())):
        assert "再填一次" in refusal(get(door, address, headers={"cookie": cookie}))
    assert get(door, back, headers={"cookie": left.cookie()}).status == 303
    again = get(door, back, headers={"cookie": left.cookie()})
    assert refusal(again) == NOT_TRUSTED  # the code is used up
    assert get(door, "/", headers={"cookie": left.cookie()}).status == 303


def test_a_person_may_refuse_at_the_provider(door_with):
    door = door_with(BY_ADMINISTRATOR)
    left = leave(door)
    # The provider of the tests forgets to bring the state back with its refusal.
    state = parse_qs(urlsplit(left.header("location")).query)["state"][0]
    back = f"{agree(left, '1001', 'deny')}&state={quote(state)}"
    answer = get(door, back, headers={"cookie": left.cookie()})
    assert "没有同意登录" in refusal(answer)


def test_after_the_login_at_the_provider_one_stays_here(door_with):
    door = door_with(BY_ADMINISTRATOR)
    for onward in ("//evil.cn", "https://evil.cn", "/account/logout"):
        left = leave(door, onward)
        answer = get(door, agree(left, "1001"), headers={"cookie": left.cookie()})
        assert answer.header("location") == "/"


KEY, OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
NONCE = "nonce-of-this-login"


class Forging(Provider):
    """The provider of the settings with another's words: what its endpoints answer is the test's."""

    def __init__(self, token: str, keys: KeySet) -> None:
        issuer = "https://sso.example.cn"
        super().__init__(settings_of(issuer, BY_ADMINISTRATOR))
        self._description, self._described_at = {"issuer": issuer}, time.monotonic()
        self._keys, self._keys_at = keys, time.monotonic()
        self.token = {"id_token": token, "access_token": "a"}

    def named(self) -> Person:
        return self._read(self._checked(self.token, NONCE))


def forged(key: Any = KEY, algorithm: str = "RS256", **changed: Any) -> Forging:
    now = time.time()
    claims = {
        "iss": "https://sso.example.cn", "aud": "credit", "sub": "1", "iat": int(now),
        "exp": int(now) + 300, "nonce": NONCE, "preferred_username": "zhangsan", "name": "张三",
    }  # fmt: skip
    claims = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    header = {"alg": algorithm, "kid": "1"}
    text = jwt.encode(header, claims, key, algorithms=[algorithm])
    return Forging(text, KeySet([RSAKey.import_key(KEY.as_dict(private=False))]))


def test_a_token_as_it_should_be_is_believed():
    assert forged().named() == Person("1", "zhangsan", "张三", None, ())
    now = int(time.time())
    for few in ({"exp": now - LEEWAY + 30}, {"iat": now + LEEWAY - 30}):
        assert forged(**few).named().account == "zhangsan"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"key": OTHER_KEY}, NOT_TRUSTED),
        ({"key": OctKey.import_key("a-secret-of-the-client-of-32-bytes"), "algorithm": "HS256"}, NOT_TRUSTED),
        ({"key": OctKey.import_key("x"), "algorithm": "none"}, NOT_TRUSTED),
        ({"iss": "https://evil.example.cn"}, NOT_TRUSTED),
        ({"aud": "another"}, NOT_TRUSTED),
        ({"aud": ["credit", "another"], "azp": "another"}, NOT_TRUSTED),
        ({"aud": None}, NOT_TRUSTED),
        ({"nonce": "of another login"}, NOT_TRUSTED),
        ({"nonce": None}, NOT_TRUSTED),
        ({"sub": None}, NOT_TRUSTED),
        ({"exp": None}, NOT_TRUSTED),
        ({"exp": int(time.time()) - LEEWAY - 60}, CLOCKS_DIFFER),
        ({"iat": int(time.time()) + LEEWAY + 600}, CLOCKS_DIFFER),
    ],
)  # fmt: skip
def test_a_forged_token_names_nobody(changed, sentence):
    with pytest.raises(AccountsError) as refused:
        forged(**changed).named()
    assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["", "a.b.c", "x" * 100_000])
def test_what_is_no_token_names_nobody(text):
    with pytest.raises(AccountsError, match=NOT_TRUSTED):
        Forging(text, KeySet([KEY])).named()


def test_a_provider_that_is_not_there(store, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(openid, "TIMEOUT", 0.2)
        served = Served(lambda: HOSTS, lambda: "", lambda _: True)
        door = Door(Behind(), served, PROXY, store, Provider(settings_of(address, BY_PROVIDER)))
        assert refusal(get(door, "/account/provider?next=/")) == UNREACHABLE
        silent.close()
        assert refusal(get(door, "/account/provider?next=/")) == UNREACHABLE
    assert "用统一身份认证登录" in get(door, "/account/login").text


def test_another_providers_description_is_not_believed(issuer):
    address = issuer.replace(
        "localhost", "127.0.0.1"
    )  # it calls itself by the name it was asked by
    there = Provider(replace(settings_of(address, BY_PROVIDER), issuer=f"{issuer}/other"))
    with pytest.raises(AccountsError):
        there.login_address("http://127.0.0.1/account/return", "s", "n", "v" * 64)
    there = Provider(settings_of(address, BY_PROVIDER))
    there._description, there._described_at = {"authorization_endpoint": "http://evil.cn/"}, time.monotonic()  # fmt: skip
    with pytest.raises(AccountsError, match=NOT_TRUSTED):
        there.login_address("http://127.0.0.1/account/return", "s", "n", "v" * 64)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"CREDIT_OIDC": "http://sso.example.cn"}, "以 https:// 开头"),
        ({"CREDIT_OIDC_CLIENT": ""}, "CREDIT_OIDC_CLIENT"),
        ({"CREDIT_OIDC_SECRET": ""}, "CREDIT_OIDC_SECRET"),
        ({"CREDIT_OIDC_CLAIMS": "account"}, "名称=值"),
        ({"CREDIT_OIDC_CLAIMS": "name=name"}, "要写明 account 和 name"),
        ({"CREDIT_OIDC_CLAIMS": "account=a,name=name,role=groups"}, "CREDIT_OIDC_ROLES"),
        ({"CREDIT_OIDC_ROLES": "x=office"}, "CREDIT_OIDC_ROLES"),
        ({"CREDIT_OIDC_CLAIMS": "account=a,name=n,role=g", "CREDIT_OIDC_ROLES": "x=chief"}, "CREDIT_OIDC_ROLES"),
        ({"CREDIT_OIDC_CLAIMS": "account=a,name=n,role=g", "CREDIT_OIDC_ROLES": "x=unit"}, "要写明 units"),
        ({"CREDIT_OIDC_SECRET_FILE": "/nowhere/secret"}, "读不出来"),
    ],
)  # fmt: skip
def test_settings_that_do_not_go_together_are_refused(given, sentence):
    whole = {"CREDIT_OIDC": "https://sso.example.cn", **BY_ADMINISTRATOR, **given}
    with pytest.raises(AccountsError, match=sentence):
        Settings.from_environment(whole)


def test_the_secret_is_shown_nowhere(tmp_path, caplog, issuer):
    file = tmp_path / "secret"
    file.write_text("of-a-file\n")
    given = {**BY_ADMINISTRATOR, "CREDIT_OIDC_SECRET_FILE": str(file)}
    settings = settings_of(issuer, given)
    assert settings.client_secret == "of-a-file"
    assert "of-a-file" not in repr(settings)
    with pytest.raises(AccountsError):
        Provider(settings).person("no code", "http://127.0.0.1/account/return", "n", "v" * 64)
    assert "not believed" in caplog.text
    assert "of-a-file" not in caplog.text


def test_a_provider_alone_lets_nobody_in_without_a_login(tmp_path, issuer):
    """No account yet: the first one is an administrator's, whom the provider names."""
    store = Store(tmp_path / "none.sqlite3")
    served = Served(lambda: HOSTS, lambda: "", lambda _: True)
    door = Door(Behind(), served, PROXY, store, Provider(settings_of(issuer, BY_PROVIDER)))
    assert get(door, "/").header("location") == "/account/login?next=/"
    assert "还没有管理员" in refusal(arrive(door, "1001"))
    ask = Person("9", "guanli", "王某某", "admin", ())
    log_in_by_provider(store, issuer, lambda: ask, "10.0.0.8")
    assert arrive(door, "1001").status == 303
    store.close()


def test_a_file_of_an_older_program_is_lifted(tmp_path):
    """Made by version 1, with an account and an open session, which stays open."""
    path = tmp_path / "accounts.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in _schema_steps()[0]:
        connection.execute(statement)
    now = time.time()
    stored = passwords.hashed("x")
    connection.execute("insert into account values ('a', '甲', ?, 'admin', 0, 0, ?, ?)", [stored, now, now])  # fmt: skip
    connection.execute("insert into session values (?, 'a', ?, ?, '', null, null)", [sessions.hash_of("t"), now, now])  # fmt: skip
    connection.execute("pragma user_version = 1")
    connection.close()
    older = Store(path)
    assert sessions.find(older, "t").account == "a"
    assert older.account("a").has_password
    older.close()
