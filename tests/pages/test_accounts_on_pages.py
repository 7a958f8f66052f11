"""Pages as accounts see them: who is logged in, what their menu has, and which forms they are given."""

from __future__ import annotations

import ast
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from on_screen import headline, labelled, messages, table, text
from streamlit.runtime.context import ContextProxy, StreamlitHeaders
from streamlit.testing.v1 import AppTest

import accounts
from accounts import codes
from screens import parts
from screens.access import opening
from screens.frame.frame import CARD_VIEW
from screens.frame.identity import ONLY_FOR
from screens.frame.menu import PAGES
from warehouse import open_office
from warehouse.rights import ADMIN, LEADER, OFFICE, UNIT
from words import ACCOUNT_ROLES

OWN = "厅法规处"
AUTUMN = "2020-09-30"
NAME_BOXES = {"填报人", "经办人", "操作人", "核验人", "审批人", "保存人", "修改人", "复核人"}


@pytest.fixture
def log_in(own_data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`log_in(role)`: whoever looks from now on does so by the account of that role."""
    del own_data  # the accounts lie in it
    monkeypatch.setattr(ContextProxy, "ip_address", "10.0.0.7")
    store = accounts.store()
    store.create()
    for role in (ADMIN, *(role for role in ACCOUNT_ROLES if role != ADMIN)):
        store.add(
            f"{role}账号", f"{ACCOUNT_ROLES[role]}的人", role, "x", units=[OWN] * (role == UNIT)
        )

    def as_role(role: str) -> None:
        name = quote(f"{role}账号") if role else ""
        named = {accounts.ACCOUNT_HEADER: name} if name else {}
        headers = StreamlitHeaders(list(named.items()))
        monkeypatch.setattr(ContextProxy, "headers", property(lambda _: headers))

    return as_role


def open_card(visit: Callable[..., AppTest], figures: Callable, number: int) -> AppTest:
    at = visit("overview", as_of=AUTUMN)
    tasks = figures("task_list", demo=False, signal="all", row_limit=999).set_index("number")
    at.session_state.opened = tasks.task_id[number]
    at.session_state[parts.TASK_CARD] = at.session_state.opened
    return at.run()


def save(at: AppTest) -> AppTest:
    labelled(at.button, "保存").click()
    at.session_state[parts.TASK_CARD] = at.session_state.opened
    return at.run()


def newest_change() -> tuple:
    with open_office().warehouse.cursor() as cursor:
        return cursor.execute(
            "select action, recorded_by, account from change order by data_version desc limit 1"
        ).fetchone()


def test_once_there_are_accounts_nobody_looks_without_one(visit, log_in):
    log_in("")
    at = visit("overview")
    assert messages(at) == ["没有登录，或账号已停用，请从登录页进入。"]
    log_in(OFFICE)
    accounts.store().disable("office账号")
    assert messages(visit("overview")) == ["没有登录，或账号已停用，请从登录页进入。"]


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_a_role_is_refused_the_pages_that_are_not_its_own(visit, log_in, role):
    log_in(role)
    for name, roles in ONLY_FOR.items():
        # The page of accounts has an address for the administrator alone.
        if role not in roles and name in PAGES:
            at = visit(name)
            assert messages(at) == [
                f"“{PAGES[name]}”不对“{ACCOUNT_ROLES[role]}”的账号开放；需要使用的，请联系管理员。"
            ]
            assert not at.header


def test_a_unit_lands_on_its_own_page_and_sees_who_is_logged_in(log_in):
    log_in(UNIT)
    at = AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=60).run()
    assert at.selectbox(key="focus").value == OWN
    assert "**处室/单位的人**　处室/单位：厅法规处" in text(at)


PAGES_WITH_FORMS = (
    *("progress", "reporting", "verification", "meeting", "scoring", "winning"),
    *("scheme", "explore", "imports", "reference"),
)


def test_no_page_asks_the_office_for_the_name_of_its_account(visit, log_in):
    log_in(OFFICE)
    for name in PAGES_WITH_FORMS:
        at = visit(name, as_of=AUTUMN)
        assert not at.exception
        asked = [box for box in at.text_input if box.label in NAME_BOXES]
        # Of what is entered for a unit somebody else may be the author.
        assert all("代单位录入" in box.placeholder for box in asked), name


def test_the_leader_reads_and_is_given_no_form(visit, log_in, figures):
    log_in(LEADER)
    for name in ("reporting", "meeting", "scheme", "explore", "verification"):
        at = visit(name, as_of=AUTUMN)
        assert not at.exception
        assert not [box for box in at.text_input if box.label in NAME_BOXES], name
    at = open_card(visit, figures, 4)
    assert "您的账号不登记这项任务：这一角色只查看。" in messages(at)
    assert not [button for button in at.button if button.label == "保存"]


def test_a_unit_reports_on_its_own_task_in_its_own_name(visit, log_in, figures):
    log_in(UNIT)
    at = open_card(visit, figures, 4)
    assert at.segmented_control(key="entry").options == ["进展", "频次完成", "佐证材料", "延期"]
    unit = labelled(at.selectbox, "填报单位")
    assert unit.options == [OWN]
    labelled(at.number_input, "进度（%）").set_value(30)
    save(at)
    assert newest_change() == ("填报进展", "处室/单位的人", "unit账号")


def test_a_unit_is_given_no_form_for_the_task_of_another(visit, log_in, figures):
    log_in(UNIT)
    tasks = figures("unit_tasks", demo=False, unit=OWN)
    number = next(number for number in range(1, 99) if number not in set(tasks.number))
    at = open_card(visit, figures, number)
    assert "您的账号不登记这项任务：它不由您的单位承担。" in messages(at)


def test_a_refused_verdict_is_shown_and_noted(visit, log_in, figures):
    log_in(OFFICE)
    at = open_card(visit, figures, 4)
    labelled(at.selectbox, "状态").set_value("done")
    labelled(at.text_input, "填报人").set_value("李处长")
    save(at)
    # On paper it was another who reported; the account is the one that entered it.
    assert newest_change() == ("填报进展", "李处长", "office账号")
    at.segmented_control(key="entry").set_value("核验")
    at.session_state[parts.TASK_CARD] = at.session_state.opened
    at.run()
    save(at)
    assert any("不能由本人核验" in message for message in messages(at))
    event = accounts.store().events()[0]
    assert (event.kind, event.account, event.address) == ("refused", "office账号", "10.0.0.7")
    assert event.detail.startswith("销号：本人录入的完成不能由本人核验")


def test_a_unit_fills_in_its_own_month_alone(visit, log_in):
    log_in(UNIT)
    at = visit("progress", as_of=AUTUMN)
    assert not at.exception
    assert at.selectbox(key="report_unit").options == [OWN]


def test_everybody_sees_the_queries_of_the_own_account_alone(visit, log_in):
    log_in(LEADER)
    visit("query", as_of=AUTUMN, sql="select 1 as 领导的")
    log_in(OFFICE)
    at = visit("query", as_of=AUTUMN)
    assert not at.exception
    assert not [each for each in at.selectbox if each.label == "用过的查询"]
    visit("query", as_of=AUTUMN, sql="select 2 as 法规处的")
    log_in(LEADER)
    (option,) = labelled(visit("query", as_of=AUTUMN).selectbox, "用过的查询").options
    assert option.endswith("select 1 as 领导的")


def test_what_is_taken_away_is_noted_with_the_account(visit, log_in):
    log_in(LEADER)
    at = visit("query", as_of=AUTUMN)
    at.button(key="run_query").click().run()
    event = accounts.store().events()[0]
    assert (event.kind, event.account) == ("queried", "leader账号")
    assert event.detail == at.text_area(key="sql").value
    view = at.session_state[CARD_VIEW]
    assert parts.noted(view, "表.xlsx", lambda: b"made")() == b"made"
    event = accounts.store().events()[0]
    assert (event.kind, event.detail, event.address) == ("exported", "表.xlsx", "10.0.0.7")


def test_every_file_that_screens_hand_out_is_noted():
    buttons = [
        (path.name, node)
        for path in sorted(Path(parts.__file__).parents[1].rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "download_button"
    ]
    assert len(buttons) >= 7
    for name, button in buttons:
        (data,) = [each.value for each in button.keywords if each.arg == "data"] or button.args[1:2]
        assert ast.unparse(data.func).split(".")[-1] == "noted", name


def test_the_administrator_sees_by_which_account_a_change_was_made(visit, log_in, figures):
    log_in(UNIT)
    at = open_card(visit, figures, 4)
    labelled(at.number_input, "进度（%）").set_value(30)
    save(at)
    log_in(ADMIN)
    at = visit("changes", as_of=AUTUMN)
    authors = list(table(at, "changes")["录入人"])
    assert authors[0] == "处室/单位的人（unit账号）"
    assert set(authors[1:]) == {"系统（未经登录录入）"}
    at.multiselect(key="trail_by").set_value(["unit账号"]).run()
    assert len(table(at, "changes")) == 1
    # Below, what else was done by accounts; here, that they were made.
    assert set(at.multiselect(key="event_kinds").options) == {"新建账号"}
    log_in(LEADER)
    assert not [box for box in visit("changes").multiselect if box.key == "event_kinds"]


def test_the_administrator_adds_changes_and_disables_accounts(visit, log_in):
    log_in(ADMIN)
    at = visit("accounts")
    assert headline(at) == "能用的账号：处室/单位 1 个、厅法规处 1 个、领导 1 个、管理员 1 个。"
    labelled(at.text_input, "账号").set_value("zhang")
    labelled(at.text_input, "姓名").set_value("张三")
    labelled(at.selectbox, "角色").set_value("unit")
    labelled(at.button, "新建账号").click().run()
    assert at.error[0].value == "“处室/单位”的账号要有单位，请选一个或几个。"
    labelled(at.multiselect, "单位（角色为“处室/单位”时）").set_value([OWN])
    labelled(at.button, "新建账号").click().run()
    assert accounts.account("zhang").units == (OWN,)
    name, password = at.code[0].value.split("\t")
    assert (name, len(password) >= 12) == ("zhang", True)
    # Shown once, and never again.
    at.run()
    assert not at.code
    assert password not in (accounts.store().path.parent / "access.log").read_text("utf-8")
    event = accounts.store().events()[0]
    assert (event.kind, event.detail) == ("account_added", f"处室/单位：{OWN}（由 admin账号 操作）")


def test_the_administrator_resets_the_codes_of_a_lost_telephone(visit, log_in):
    log_in(ADMIN)
    store = accounts.store()
    codes.secret_to_confirm(store, "office账号")
    with store.writing() as writing:
        writing.run("use_code", name="office账号", step=1)
    at = visit("accounts")
    assert list(at.dataframe[0].value["登录方式"]).count("密码和动态口令") == 1
    number = list(at.dataframe[0].value["账号"]).index("office账号")
    at.session_state["accounts_ticked_0"] = {"selection": {"rows": [number]}}
    labelled(at.run().button, "重置动态口令").click().run()
    assert not accounts.account("office账号").has_code


def test_the_administrator_sees_how_a_login_by_the_provider_becomes_an_account(
    visit, log_in, monkeypatch
):
    log_in(ADMIN)
    assert not [each for each in visit("accounts").subheader if "统一身份认证" in each.value]
    for name, value in {
        "CREDIT_OIDC": "https://sso.example.cn",
        "CREDIT_OIDC_CLIENT": "credit",
        "CREDIT_OIDC_SECRET": "a-secret-of-the-client",
        "CREDIT_OIDC_CLAIMS": "account=uid,name=name,role=groups,units=department",
        "CREDIT_OIDC_ROLES": "credit-office=office,credit-unit=unit",
    }.items():
        monkeypatch.setenv(name, value)
    at = visit("accounts")
    shown = at.dataframe[1].value
    assert dict(zip(shown["本平台"], shown["统一身份认证的字段"], strict=True)) == {
        "账号": "uid", "姓名": "name", "角色：厅法规处": "groups 为 credit-office",
        "角色：处室/单位": "groups 为 credit-unit", "没有角色": "groups 为别的值", "单位": "department",
    }  # fmt: skip
    assert "a-secret" not in text(at)
    assert list(at.dataframe[0].value["登录方式"]) == ["密码"] * 4


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("账号,姓名,角色\nli,李四,领导", "没有表头“单位”"),
        ("账号,姓名,角色,单位\n", "应在 1 到 500 行之间"),
        ("账号,姓名,角色,单位\nli,,领导,", "第 2 行：账号和姓名都要写"),
        ("账号,姓名,角色,单位\nli,李四,处长,", "第 2 行：角色“处长”不认识"),
        ("账号,姓名,角色,单位\nli,李四,处室/单位,", "第 2 行：“处室/单位”的账号要写单位"),
        ("账号,姓名,角色,单位\nli,李四,领导,\nLI,李五,领导,", "第 3 行：账号“LI”已有或写了两次"),
        ("账号,姓名,角色,单位\noffice账号,李四,领导,", "第 2 行：账号“office账号”已有"),
    ],
)
@pytest.mark.usefixtures("log_in")
def test_a_list_of_accounts_that_is_wrong_is_refused_with_its_line(lines: str, sentence: str):
    with pytest.raises(accounts.AccountsError, match=sentence):
        opening.read(lines.encode("gb18030"), "账号.csv")


@pytest.mark.usefixtures("log_in")
def test_a_list_of_accounts_is_read_from_either_kind_of_file():
    rows = [["li", "李四", "处室/单位", f"{OWN}、厅人事处"], ["wang", "王五", "领导", ""]]
    table = pd.DataFrame(rows, columns=opening.COLUMNS)
    workbook = BytesIO()
    table.to_excel(workbook, index=False)
    for content, name in (
        (workbook.getvalue(), "账号.xlsx"),
        (table.to_csv(index=False).encode(), "账号.csv"),
    ):
        first, second = opening.read(content, name)
        assert (first.name, first.role, first.units) == ("li", "unit", (OWN, "厅人事处"))
        assert (second.display_name, second.role, second.units) == ("王五", "leader", ())
    with pytest.raises(accounts.AccountsError, match="打不开"):
        opening.read(b"no workbook", "账号.xlsx")
