"""Opening the office's database with its ledgers in it, and the demonstration database beside it.

Owns where the files lie and what is done on the first opening in a process: the ledgers in the
ledger folders are loaded when they are new, and the reference files are brought in step.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from loaders import LedgerError, read_ledger
from loaders.reference import SHIPPED as REFERENCE
from loaders.reference import chosen_folder
from warehouse.backups.keeping import FOLDER, Keeper, Retention
from warehouse.backups.making import BackupError, make_backup
from warehouse.backups.restoring import finish_restore
from warehouse.demonstration.demo import demonstration_exists, fill_demonstration
from warehouse.faults import AlreadyStored, WarehouseError, explained
from warehouse.ledger.ledgers import load_ledger
from warehouse.ledger.reference import Reference, read_reference
from warehouse.ledger.register import sync_reference
from warehouse.place import Place, Upgrade
from warehouse.servers.central import is_address
from warehouse.servers.following import FILE as FOLLOWING
from warehouse.servers.following import keep_following, open_following
from warehouse.statements import statement
from warehouse.store import Warehouse, now, open_warehouse

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).resolve().parent.parent / "data"
DEMONSTRATION_LEDGER = SHIPPED / "ledgers" / "ningxia-2020.txt"
SYSTEM = "系统"


@dataclass(frozen=True)
class Office:
    """An open database and what could not be loaded into it."""

    warehouse: Warehouse
    is_demonstration: bool
    refused: tuple[str, ...]
    """One Chinese sentence for every ledger file that was not taken in."""


def data_folder() -> Path:
    """Where the databases lie: CREDIT_DATA_DIR, else data/ beside the program."""
    return Path(os.environ.get("CREDIT_DATA_DIR") or SHIPPED).resolve()


def record_address() -> str:
    """CREDIT_DATABASE: the address of the record that several servers share; empty for a file.

    Raises `WarehouseError` when it is no address of a database server.
    """
    address = os.environ.get("CREDIT_DATABASE", "").strip()
    if address and not is_address(address):
        raise WarehouseError(
            "CREDIT_DATABASE 应写成 postgresql://用户:密码@地址:端口/库名；不用数据库的，请去掉这个变量。"
        )
    return address


_offices: dict[tuple[Path, bool], Office] = {}
_lock = threading.Lock()


def open_office(*, demonstration: bool = False) -> Office:
    """The office's database, or the demonstration database; prepared once per process.

    Raises `WarehouseError` or `ReferenceFileError` with a sentence for the user.
    """
    folder = data_folder()
    with _lock:
        key = (folder, demonstration)
        office = _offices.get(key)
        if office is None or office.warehouse.closed:
            try:
                office = _offices[key] = _prepare(folder, demonstration)
            except OSError as error:
                raise explained(error, folder) or error from error
        return office


def finish_restoring() -> None:
    """Finish a restore that was cut short before anybody is let in; what refuses it goes to the log."""
    try:
        finish_restore(data_folder())
    except OSError:
        log.exception("a restore that was cut short could not be finished")


def keep_backups(stopping: threading.Event) -> None:
    """Wait for the office's database to be opened, then keep its daily backups until `stopping`.

    Runs in a thread of its own, beside the server.
    """
    while not stopping.wait(1):
        office = _offices.get((data_folder(), False))
        if office is not None and office.warehouse.record:
            # The record is backed up by the means of its own database.
            return
        if office is not None and not office.warehouse.closed:
            Keeper(office.warehouse, retention, stopping=stopping).run()


def retention() -> Retention:
    """How many backups are kept, by settings.csv; the usual numbers where it does not say."""
    settings = read_reference(reference_folder()).settings
    usual = Retention()
    return Retention(
        days=int(settings.get("backup_days", usual.days)),
        weeks=int(settings.get("backup_weeks", usual.weeks)),
        months=int(settings.get("backup_months", usual.months)),
    )


def load_file(warehouse: Warehouse, path: Path, reference: Reference, *, recorded_by: str) -> bool:
    """Take one ledger file in; returns False when this very file is stored already.

    Raises `LedgerError` or `WarehouseError`, and then nothing was changed.
    """
    if not path.is_file():
        raise LedgerError(f"找不到文件 {path}，请核对路径。")
    # A known file is not read again: hashing takes a millisecond, reading a workbook seconds.
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with warehouse.cursor() as cursor:
        if cursor.execute(statement("edition_of_file"), {"sha256": sha256}).fetchone():
            return False
    try:
        return load_ledger(warehouse, read_ledger(path), reference, recorded_by=recorded_by).is_new
    except AlreadyStored:
        return False


def reference_folder() -> Path:
    """`reference` in the data folder when it has one, else the shipped one.

    An office's own folder need only hold the files it changes: the others are put beside them.
    """
    folder = chosen_folder()
    for shipped in REFERENCE.glob("*.csv"):
        if not (folder / shipped.name).exists():
            shutil.copyfile(shipped, folder / shipped.name)
    return folder


def _prepare(folder: Path, demonstration: bool) -> Office:
    if not demonstration and finish_restore(folder):
        log.warning("a restore that was cut short has been finished in %s", folder)
    reference = read_reference(reference_folder())
    database = folder / ("demo.duckdb" if demonstration else "credit.duckdb")
    if demonstration and not database.exists():
        # Deleting it is how its owner begins anew.
        for left in (Place(database).note, Place(database).wal):
            left.unlink(missing_ok=True)
    if demonstration:
        # It is made anew when it is wanted as it was: no backup before it is lifted.
        warehouse = open_warehouse(database)
    elif address := record_address():
        warehouse = open_following(folder, address)
        threading.Thread(target=keep_following, args=[warehouse], daemon=True).start()
    else:
        _refuse_to_begin_beside(folder / FOLLOWING, database)
        warehouse = open_warehouse(database, back_up_before_upgrade)
    refused = []
    for path in [DEMONSTRATION_LEDGER] if demonstration else _ledger_files(folder):
        try:
            load_file(warehouse, path, reference, recorded_by=SYSTEM)
        except (LedgerError, WarehouseError) as error:
            log.warning("ledger %s refused: %s", path, error, exc_info=True)
            refused.append(f"{path.name}：{error}")
    sync_reference(warehouse, reference, recorded_by=SYSTEM)
    if demonstration:
        with warehouse.cursor() as cursor:
            ((ledger_id,),) = cursor.execute(statement("only_ledger")).fetchall()
        if not demonstration_exists(warehouse, ledger_id):
            fill_demonstration(warehouse, ledger_id)
    return Office(warehouse, demonstration, tuple(refused))


def _refuse_to_begin_beside(following: Path, database: Path) -> None:
    """Without CREDIT_DATABASE a server that followed a record would begin with nothing."""
    if following.exists() and not database.exists():
        raise WarehouseError(
            f"{following.parent} 是一台跟随数据库的服务器的数据目录，没有新建数据；请设置 CREDIT_DATABASE，"
            "要改回文件的，运行 python -m warehouse move --from postgresql://…。"
        )


def back_up_before_upgrade(warehouse: Warehouse, version: int) -> None:
    """Make a backup of a database of schema `version`, which a newer program is about to lift; it is
    kept until somebody removes it. Raises `BackupError`, and the database stays as it is."""
    at = now()
    target = warehouse.path.parent / FOLDER / f"升级前-第{version}版-{at:%Y%m%d-%H%M%S}"
    try:
        made = make_backup(warehouse, target)
    except BackupError as error:
        raise BackupError(f"数据库要先备份再升级，现在没有升级。{error}") from error
    warehouse.place.note_upgrade(Upgrade(f"{at:%Y-%m-%d %H:%M}", str(made.path), version))
    log.info("backup %s made before the schema is lifted from version %d", made.path, version)


def _ledger_files(folder: Path) -> list[Path]:
    folders = dict.fromkeys([SHIPPED / "ledgers", folder / "ledgers"])
    return [
        path
        for each in folders
        if each.is_dir()
        for path in sorted(each.iterdir())
        if path.is_file() and not path.name.startswith((".", "~$")) and path.suffix != ".md"
    ]
