"""`python -m warehouse load FILE…` takes ledgers in, `backup FOLDER` copies the data into a new folder,
`restore FOLDER` puts a backup in place of the present data, which is moved aside, `accept` lets a
database be opened that has lost entries, `move` takes the data from the file to PostgreSQL or back.

One program at a time may hold the database: `load` and `restore` need the platform closed; a backup is
made by the platform while it is open."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from accounts import copies
from accounts.store import FILE as ACCOUNTS
from loaders import LedgerError
from warehouse.backups import Backup, check_backup, make_backup, request_backup, restore
from warehouse.faults import WarehouseError, WarehouseInUse, explained
from warehouse.ledger.reference import ReferenceFileError, read_reference
from warehouse.opening import (
    data_folder,
    load_file,
    open_office,
    record_address,
    reference_folder,
)
from warehouse.place import Place
from warehouse.servers.central import is_address
from warehouse.servers.following import move_to_file, move_to_record
from warehouse.store import close_all, now, open_warehouse

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load", help="take ledger files in")
    load.add_argument("files", nargs="+", type=Path)
    backup = commands.add_parser("backup", help="copy database and evidence into a new folder")
    backup.add_argument("target", type=Path)
    restored = commands.add_parser("restore", help="put a backup in place of the present data")
    restored.add_argument("backup", type=Path)
    commands.add_parser("accept", help="open a database that has lost entries with what it has")
    moved = commands.add_parser("move", help="take the data to PostgreSQL, or back into a file")
    way = moved.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", metavar="postgresql://…", help="an empty database")
    way.add_argument("--from", metavar="postgresql://…", dest="source", help="the record")
    given = parser.parse_args()
    try:
        # The reason of a refusal goes to the log; the user gets the sentence.
        data_folder().mkdir(parents=True, exist_ok=True)
        logging.basicConfig(
            filename=data_folder() / "app.log", level=logging.INFO, format=LOG_FORMAT
        )
    except OSError as error:
        print(explained(error, data_folder()) or error, file=sys.stderr)
        return 1
    try:
        if given.command == "move":
            return _move(given.to, given.source)
        if given.command in ("accept", "backup", "restore") and record_address():
            raise WarehouseError(
                "数据在 CREDIT_DATABASE 指的数据库里，请用数据库自己的备份和恢复，办法见 docs/部署.md。"
            )
        if given.command == "accept":
            return _accept()
        if given.command == "restore":
            return _restore(given.backup)
        if given.command == "backup":
            return _back_up(given.target)
        office = open_office()
        reference = read_reference(reference_folder())
    except (WarehouseError, ReferenceFileError) as error:
        print(error, file=sys.stderr)
        return 1
    refused = False
    for path in given.files:
        try:
            is_new = load_file(office.warehouse, path, reference, recorded_by="命令行")
        except (LedgerError, WarehouseError) as error:
            logging.warning("ledger %s refused", path, exc_info=True)
            print(f"{path.name}：{error}", file=sys.stderr)
            refused = True
        else:
            print(f"{path.name}：{'已导入' if is_new else '此前已导入，没有变化'}")
    return int(refused)


def _back_up(target: Path) -> int:
    try:
        office = open_office()
    except WarehouseInUse:
        # The open platform makes it: it alone may read the file.
        print("平台正在运行，由平台备份…")
        request_backup(data_folder(), target)
    else:
        make_backup(office.warehouse, target, _show)
    made = check_backup(target)
    print(f"已备份到 {target}：{_counts(made)}")
    if made.missing:
        print(f"有 {len(made.missing)} 个佐证文件已不在磁盘上，没有备份到。", file=sys.stderr)
    return 0


def _restore(backup: Path) -> int:
    folder = data_folder()
    # Opening tells whether a platform holds the data, and folds the .wal into its file.
    if (folder / "credit.duckdb").exists():
        try:
            open_warehouse(folder / "credit.duckdb").close()
        except WarehouseInUse:
            raise
        except WarehouseError:
            logging.warning("the present database does not open; it is put aside as it is")
        close_all()
    restored, aside = restore(backup, folder, _show)
    open_office()
    print(f"已恢复 {restored.made_at:%Y-%m-%d %H:%M} 的备份：{_counts(restored)}")
    print(f"恢复前的数据在 {aside}，没有删除。")
    if restored.accounts is not None:
        print("账号已恢复，都要重新登录；恢复前已停用的仍停用。")
        before = aside / ACCOUNTS
        different = copies.differences(before, folder / ACCOUNTS) if before.exists() else []
        print("".join(f"{sentence}\n" for sentence in different), end="")
    elif (folder / ACCOUNTS).exists():
        print("备份中没有账号，现有的账号没有改动。")
    return 0


def _accept() -> int:
    found, noted = Place(data_folder() / "credit.duckdb").accept()
    open_office()
    logging.warning("opened with data version %d instead of %d", found, noted)
    print(f"已按现有数据打开：数据版本 {found}，应为 {noted}，少 {max(noted - found, 0)} 次录入。")
    print("原来的 .wal 和记录已改名保留，没有删除。")
    return 0


def _move(to: str | None, source: str | None) -> int:
    file = data_folder() / "credit.duckdb"
    if not is_address(to or source or ""):
        raise WarehouseError("请写数据库的地址：postgresql://用户:密码@地址:端口/库名。")
    if source:
        rows = move_to_file(source, file, print)
        print(f"已移到 {file}：{len(rows)} 张表 {sum(rows.values())} 行，逐表核对一致。")
        print("请去掉 CREDIT_DATABASE 后启动平台；数据库里的数据没有删除。")
        return 0
    if not file.exists():
        raise WarehouseError(
            f"{file} 不存在，没有可以移入的数据；新的数据库不必移入，直接启动平台。"
        )
    rows = move_to_record(file, str(to), print)
    kept = file.with_name(f"credit.已移入数据库-{now():%Y%m%d-%H%M%S}.duckdb")
    close_all()
    file.rename(kept)
    Place(file).note.unlink(missing_ok=True)
    print(f"已移入数据库：{len(rows)} 张表 {sum(rows.values())} 行，逐表核对一致。")
    print(f"原来的文件改名为 {kept.name}，没有删除；请设置 CREDIT_DATABASE 后启动平台。")
    return 0


def _counts(backup: Backup) -> str:
    named = {"ledger": "台账", "task": "任务", "report": "填报", "evidence": "佐证材料"}
    counts = [f"{word} {backup.rows.get(table, 0)}" for table, word in named.items()]
    counts.append(f"佐证文件 {len(backup.evidence)} 个")
    return "，".join([*counts, f"账号 {backup.accounts or 0} 个"])


def _show(message: str, _fraction: float) -> None:
    print(message)


if __name__ == "__main__":
    sys.exit(main())
