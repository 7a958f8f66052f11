"""From nothing to the finished first page with both ledgers, process start-up included.

`python -m benchmarks.startup [--runs N] [--short]` starts serve.py on an empty data folder: no
database, nothing kept from before but Python's own compiled files. The clock starts with the process
and stops when the server first answers, when it has sent the last message of the first page to a
visitor that draws nothing, and, on another start, when a browser shows that page finished. The
browser itself is running beforehand.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measuring import Timing, table
from benchmarks.serving import Visitor, server, wait_until_answering
from metrics import ask
from tests.browser.chromium import find_browser
from warehouse import open_warehouse

AIM = 3.0
"""Seconds until the first page is finished."""
BROWSER_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
HEADLINE = '[data-testid="stMain"] h2'
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PLACEHOLDER = '[data-testid="stSkeleton"]'
LEDGERS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="1 run")
    given = parser.parse_args()
    print(measure(1 if given.short else given.runs))


def measure(runs: int) -> str:
    """The report in markdown."""
    path = find_browser(os.environ)
    if path is None:
        raise SystemExit("no browser found; install chromium or name one in CREDIT_BROWSER")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_ARGUMENTS])
        visited = [_start(_visit) for _ in range(runs)]
        shown = [_start(lambda address: _show(browser, address)) for _ in range(runs)]
        browser.close()
    stages = {
        "the server answers": [answered for answered, _ in visited + shown],
        "the first page is sent": [finished for _, finished in visited],
        "the first page is finished in a browser": [finished for _, finished in shown],
    }
    return "\n\n".join(
        [
            f"## From an empty data folder to the first page with both ledgers, {runs} runs",
            table(["seconds from the start of the process until", "p50", "worst"], _lines(stages)),
            f"✗ = above {AIM:g} s.",
        ]
    )


def _lines(stages: dict[str, list[float]]) -> list[list[str]]:
    lines = []
    for stage, seconds in stages.items():
        middle = Timing(tuple(seconds)).p50
        mark = " ✗" if middle > AIM else ""
        lines.append([stage, f"{middle:.2f}{mark}", f"{max(seconds):.2f}"])
    return lines


def _start(finish: Callable[[str], None]) -> tuple[float, float]:
    """Seconds until the server answered and until `finish` came back, on an empty data folder."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        begun = time.perf_counter()
        with server(Path(folder)) as served:
            wait_until_answering(served.address)
            answered = time.perf_counter() - begun
            finish(served.address)
            finished = time.perf_counter() - begun
        warehouse = open_warehouse(Path(folder) / "credit.duckdb")
        loaded = len(ask(warehouse, "ledgers"))
        warehouse.close()
    if loaded != LEDGERS:
        raise RuntimeError(f"{loaded} ledgers were loaded, not {LEDGERS}")
    return answered, finished


def _visit(address: str) -> None:
    with Visitor(address) as visitor:
        visitor.run()


def _show(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.goto(f"http://{address}/", wait_until="commit")
    page.wait_for_selector(HEADLINE)
    page.wait_for_selector(FINISHED)
    page.wait_for_selector(PLACEHOLDER, state="detached")
    page.close()


if __name__ == "__main__":
    main()
