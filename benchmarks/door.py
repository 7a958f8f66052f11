"""What the door costs: a page's rerun with accounts and without, in turn, and one look at a session.

`python -m benchmarks.door [--runs N] [--short]` starts floor.py, which draws 总览 from a recording, in the
platform's frame twice, once with accounts in its folder, and asks the two in turn, so that whatever
else the machine does falls on both. The look at a session is what each message of an open page waits
for; it is timed in this process.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from accounts import Store, passwords, sessions
from benchmarks.measuring import Timing, table, timed
from benchmarks.recording import record
from benchmarks.serving import Visitor, server, wait_until_answering

AIM = 1.0
"""Milliseconds that the door may add to a message at p95."""
PAGE = "overview"
FLOOR = Path(__file__).with_name("floor.py")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.door", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--short", action="store_true", help="5 runs")
    given = parser.parse_args()
    print(measure(5 if given.short else given.runs))


def measure(runs: int) -> str:
    """The report in markdown."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        guarded, open_to_all = Path(folder) / "guarded", Path(folder) / "open"
        with server(Path(folder) / "recorded", demo=True) as recorded:
            wait_until_answering(recorded.address)
            with Visitor(recorded.address, PAGE, "as_of=2020-09-30") as visitor:
                messages = visitor.run().messages
        for each in (guarded, open_to_all):
            each.mkdir()
            record(messages, each / f"{PAGE}.deltas")
        store = Store(guarded / "accounts.sqlite3")
        store.add("admin", "管理员", "admin", passwords.hashed("not a secret"), must_change=False)
        with store.writing() as writing:
            token = sessions.begin(writing, "admin", "127.0.0.1", time.time())
        looks, _ = timed(lambda: sessions.find(store, token), 10 * runs)
        with (
            server(guarded, script=FLOOR) as behind_door,
            server(open_to_all, script=FLOOR) as without,
        ):
            wait_until_answering(behind_door.address)
            wait_until_answering(without.address)
            with (
                Visitor(behind_door.address, "", f"of={PAGE}", cookie=f"credit={token}") as one,
                Visitor(without.address, "", f"of={PAGE}") as other,
            ):
                times = [(one.run().milliseconds, other.run().milliseconds) for _ in range(runs)]
        store.close()
    behind, plain = (Timing(tuple(each)) for each in zip(*times[1:], strict=True))
    added = behind.p95 - plain.p95
    lines = [
        ("rerun behind the door", f"{behind.p50:.2f}", f"{behind.p95:.2f}"),
        ("rerun without", f"{plain.p50:.2f}", f"{plain.p95:.2f}"),
        ("difference", f"{behind.p50 - plain.p50:+.2f}", f"{added:+.2f}"),
        ("look at a session", f"{looks.p50:.3f}", f"{looks.p95:.3f}"),
    ]
    verdict = " ✗" if looks.p95 > AIM else ""
    return (
        f"## The door, {runs} runs\n\n{table(['', 'p50 ms', 'p95 ms'], lines)}\n\n"
        f"Aim for a message at p95: {AIM} ms{verdict}."
    )


if __name__ == "__main__":
    main()
