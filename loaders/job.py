"""Read one ledger file in a process of its own, so that whoever asked can stop it.

`python -m loaders.job FILE NAME` writes a pickled Preview to standard output and exits 0, or the
refusal's sentence and exits 1.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from loaders import LedgerError, preview


def main() -> int:
    """The two arguments are the file to read and the name it goes by."""
    try:
        read = preview(Path(sys.argv[1]), name=sys.argv[2])
    except LedgerError as error:
        sys.stdout.buffer.write(str(error).encode())
        return 1
    sys.stdout.buffer.write(pickle.dumps(read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
