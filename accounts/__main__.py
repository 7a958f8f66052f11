"""`python -m accounts …`: the accounts from the command line, while the platform runs or not.

Owns the words of the command line. A first password is shown once, or typed where somebody sits at
the keyboard; it is nowhere in a log.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from typing import NoReturn

from accounts import Store, store
from accounts.passwords import check_password, first_password, hashed
from accounts.store import AccountsError, accounts_path
from words import ACCOUNT_ROLES

USAGE = """用法：
  python -m accounts add-admin 账号 [--name 姓名]      建立管理员，密码自己输入
  python -m accounts add 账号 --name 姓名 --role 角色 [--unit 单位]…
                                                    新建账号，显示初始密码，头一次登录要改
  python -m accounts role 账号 --role 角色 [--unit 单位]…   改角色或单位
  python -m accounts list                           列出账号
  python -m accounts disable 账号                   停用；enable 恢复
  python -m accounts reset 账号                     重置密码，显示新的初始密码
  python -m accounts reset-code 账号                重置动态口令，下次登录时重新设置
角色：unit 处室/单位（写明 --unit，几个单位写几次）、office 厅法规处、leader 领导、admin 管理员。
数据不在默认位置的，先设置环境变量 CREDIT_DATA_DIR。
"""


class ChineseParser(argparse.ArgumentParser):
    def format_help(self) -> str:
        return USAGE

    def error(self, message: str) -> NoReturn:
        raise AccountsError(f"参数不对（{message}）。\n{USAGE}")


def parse(words: Sequence[str]) -> argparse.Namespace:
    parser = ChineseParser(prog="python -m accounts", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in ("add-admin", "add", "role", "list", "disable", "enable", "reset", "reset-code"):
        one = commands.add_parser(command, allow_abbrev=False)
        if command != "list":
            one.add_argument("account")
        if command in ("add-admin", "add"):
            one.add_argument("--name", required=command == "add")
        if command in ("add", "role"):
            one.add_argument("--role", required=True)
            one.add_argument("--unit", action="append", default=[])
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    try:
        print(done(store(), parse(words)))
    except AccountsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def done(accounts: Store, given: argparse.Namespace) -> str:
    """Do what was asked; returns what is printed. Raises `AccountsError`."""
    match given.command:
        case "add-admin":
            name = given.name or given.account
            password = typed_password((given.account, name))
            accounts.add(given.account, name, "admin", hashed(password), must_change=False)
            return f"已建立管理员“{given.account}”（{accounts_path()}）。从现在起打开平台要登录。"
        case "add":
            password = first_password()
            units = given.unit
            accounts.add(given.account, given.name, given.role, hashed(password), units=units)
            return f"已新建账号“{given.account}”，初始密码：{password}（只显示这一次，头一次登录要改）。"
        case "role":
            accounts.change_role(given.account, given.role, given.unit)
            return f"“{given.account}”现在是{ACCOUNT_ROLES[given.role]}，已要求重新登录。"
        case "disable":
            accounts.disable(given.account)
            return f"已停用“{given.account}”，打开的页面不再能用。"
        case "enable":
            accounts.enable(given.account)
            return f"已恢复“{given.account}”。"
        case "reset-code":
            accounts.reset_code(given.account)
            return f"已重置“{given.account}”的动态口令，下次登录时重新设置。"
        case "reset":
            password = first_password()
            accounts.reset_password(given.account, hashed(password))
            return f"“{given.account}”的新初始密码：{password}（只显示这一次，登录后要改）。"
    return listed(accounts)


def listed(accounts: Store) -> str:
    """One line an account, with tabs between."""
    lines = [
        "\t".join(
            [
                each.name,
                each.display_name,
                ACCOUNT_ROLES[each.role],
                "、".join(each.units),
                "已停用" if each.is_disabled else "",
            ]
        ).rstrip()
        for each in accounts.accounts()
    ]
    return "\n".join(lines) or "还没有账号。"


def typed_password(names: Sequence[str]) -> str:
    """A password from the keyboard, typed twice, or the first line of what is piped in."""
    if sys.stdin.isatty():
        password = getpass.getpass("密码（12 个字符以上，输入时不显示）：")
        if getpass.getpass("再输一次：") != password:
            raise AccountsError("两次输入的密码不一样，没有建立账号。")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    check_password(password, names)
    return password


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
