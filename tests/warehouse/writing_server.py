"""`python writing_server.py URL FOLDER WRITES [STEP]`: a server in a process of its own, which stores so
many entries. With a step it kills itself there during the last one.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from warehouse.servers.central import Central, CentralTurn
from warehouse.servers.following import open_following
from warehouse.store import Warehouse


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(step: str) -> None:
    if step == "before sending":
        Central.send = die  # type: ignore[method-assign]
    elif step == "before the commit":
        send = Central.send

        def sent(self: Central, *given: Any) -> None:
            send(self, *given)
            die()

        Central.send = sent  # type: ignore[method-assign]
    else:
        store = CentralTurn.store

        def stored(self: CentralTurn, *given: Any) -> None:
            store(self, *given)
            die()

        CentralTurn.store = stored  # type: ignore[method-assign]


def write(warehouse: Warehouse) -> None:
    with warehouse.writing("测试") as writer:
        writer.record("测试", "test", None, after={"进程": os.getpid()})


if __name__ == "__main__":
    url, folder, writes, *step = sys.argv[1:]
    opened = open_following(Path(folder), url)
    for number in range(int(writes)):
        if step and number == int(writes) - 1:
            die_at(step[0])
        write(opened)
    opened.close()
