"""Read one ledger file in a process of its own, so that whoever asked can watch and stop it.

`python -m loaders.job FILE NAME PROGRESS` writes a pickled Preview to standard output and exits 0,
or the refusal's sentence and exits 1. Meanwhile it adds a line to the file PROGRESS for every step:
how far it is, from 0 to 1, a tab, and what is being done.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from loaders import LedgerError, preview


def main() -> int:
    """The arguments are the file to read, the name it goes by and the file to report to."""
    file, name, progress = sys.argv[1:]
    with Path(progress).open("a", encoding="utf-8", errors="replace", buffering=1) as told:

        def tell(doing: str, done: float) -> None:
            # A forged workbook may name its sheet with a line break.
            print(f"{done:.3f}\t{' '.join(doing.split())}", file=told)

        try:
            read = preview(Path(file), name, tell)
        except LedgerError as error:
            sys.stdout.buffer.write(str(error).encode())
            return 1
        tell("正在整理读出的内容", 1)
    sys.stdout.buffer.write(pickle.dumps(read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
