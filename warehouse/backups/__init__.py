"""Backups: the database and its files of evidence as one folder, checked before it gets its name.

`making` writes and checks one, `restoring` puts one in place of the present data, `keeping` makes one
a day while the platform is open and thins out the old ones.
"""

from warehouse.backups.keeping import Keeper, Record, Retention, kept_record, request_backup
from warehouse.backups.making import Backup, BackupError, check_backup, make_backup
from warehouse.backups.restoring import finish_restore, restore

__all__ = [
    "Backup",
    "BackupError",
    "Keeper",
    "Record",
    "Retention",
    "check_backup",
    "finish_restore",
    "kept_record",
    "make_backup",
    "request_backup",
    "restore",
]
