"""`python -m warehouse load FILE…` takes ledgers in; `python -m warehouse backup FILE` copies the
database. Both need the platform closed, because one program at a time may hold the file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from loaders import LedgerError
from warehouse.opening import load_file, open_office, reference_folder
from warehouse.reference import ReferenceFileError, read_reference
from warehouse.store import WarehouseError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load", help="take ledger files in")
    load.add_argument("files", nargs="+", type=Path)
    backup = commands.add_parser("backup", help="copy the database to a new file")
    backup.add_argument("target", type=Path)
    given = parser.parse_args()
    try:
        office = open_office()
        if given.command == "backup":
            office.warehouse.backup(given.target)
            print(f"已备份到 {given.target}")
            return 0
        reference = read_reference(reference_folder())
        for path in given.files:
            is_new = load_file(office.warehouse, path, reference, recorded_by="命令行")
            print(f"{path.name}：{'已导入' if is_new else '此前已导入，没有变化'}")
    except (LedgerError, WarehouseError, ReferenceFileError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
