"""`python -m warehouse load FILE…` takes ledgers in; `python -m warehouse backup FILE` copies the
database. Both need the platform closed, because one program at a time may hold the file."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from pathlib import Path

from loaders import LedgerError
from warehouse.entries import files
from warehouse.ledger.reference import ReferenceFileError, read_reference
from warehouse.opening import data_folder, load_file, open_office, reference_folder
from warehouse.store import WarehouseError

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load", help="take ledger files in")
    load.add_argument("files", nargs="+", type=Path)
    backup = commands.add_parser("backup", help="copy the database to a new file")
    backup.add_argument("target", type=Path)
    given = parser.parse_args()
    # The reason of a refusal goes to the log; the user gets the sentence.
    data_folder().mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=data_folder() / "app.log", level=logging.INFO, format=LOG_FORMAT)
    try:
        office = open_office()
        if given.command == "backup":
            office.warehouse.backup(given.target)
            print(f"已备份到 {given.target}")
            evidence = files.folder(office.warehouse)
            if evidence.is_dir():
                copied = given.target.with_name(f"{given.target.stem}-evidence")
                shutil.copytree(evidence, copied, dirs_exist_ok=True)
                print(f"佐证文件已备份到 {copied}")
            return 0
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


if __name__ == "__main__":
    sys.exit(main())
