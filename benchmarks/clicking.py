"""自由筛选 in a real browser over one large ledger: from a click on a facet until it is painted.

`python -m benchmarks.clicking [--tasks N] [--runs N] [--short]` generates the ledger, serves it, and
clicks the values of one facet after another, each on and off again. The clock runs in the page: it
starts with the click and stops when the sentence has changed, the run has ended and two frames were
drawn. The memory is what the page's own process holds alone or shares in part (PSS), Linux only.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from benchmarks.generate import generate
from benchmarks.measuring import Timing, apart, megabytes, table
from benchmarks.serving import server, wait_until_answering
from benchmarks.startup import BROWSER_ARGUMENTS, FINISHED, HEADLINE, PLACEHOLDER
from tests.browser.chromium import find_browser

AS_OF = "2020-09-30"
CLICK, MEMORY = 300, 400
"""Milliseconds from a click until it is painted, at p75; megabytes of the page."""
FIRST_LOOK = 120_000
"""Milliseconds the first look at a ledger may take before it counts as hung."""
FACETS = ("kind", "lamp", "role", "signal", "evidence")
"""Those whose values stand as buttons."""
BUTTONS = ".st-key-facet_{} button"
PAINTED = """([headline, finished, buttons, value]) => new Promise(told => {
    const said = () => document.querySelector(headline)?.innerText;
    const before = said();
    const named = button => button.innerText.startsWith(value);
    const begun = performance.now();
    const look = () => {
        if (said() !== before && document.querySelector(finished))
            requestAnimationFrame(() => requestAnimationFrame(() => told(performance.now() - begun)));
        else
            requestAnimationFrame(look);
    };
    [...document.querySelectorAll(buttons)].find(named).click();
    requestAnimationFrame(look);
})"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clicking", description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--short", action="store_true", help="2,000 tasks, each value once")
    given = parser.parse_args()
    tasks, runs = (2_000, 1) if given.short else (given.tasks, given.runs)
    print(measure(tasks, runs))


def measure(tasks: int, runs: int) -> str:
    """The report in markdown."""
    path = find_browser(os.environ)
    if path is None:
        raise SystemExit("no browser found; install chromium or name one in CREDIT_BROWSER")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
    ):
        apart(generate, Path(folder) / "credit.duckdb", tasks)
        browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_ARGUMENTS])
        with server(Path(folder)) as address:
            wait_until_answering(address)
            first, clicks, held = _clicked(browser, address, runs)
        browser.close()
    timing = Timing(tuple(clicks))
    slow = " ✗" if timing.p75 > CLICK else ""
    large = " ✗" if held and held > MEMORY else ""
    return "\n\n".join(
        [
            f"## 自由筛选 in a browser over {tasks:,} tasks and {12 * tasks:,} reports, {len(clicks)} clicks",
            table(
                ("a facet, from the click until it is painted", "ms"),
                [("p50", f"{timing.p50:.0f}"), ("p75", f"{timing.p75:.0f}{slow}"), ("p95", f"{timing.p95:.0f}")],
            ),
            f"✗ = p75 above {CLICK} ms. The first look at the ledger took {first:.1f} s, once per data "
            f"version. The page holds {megabytes(held)}{large} (aim {MEMORY} MB).",
        ]
    )  # fmt: skip


def _clicked(browser: Browser, address: str, runs: int) -> tuple[float, list[float], float | None]:
    """Seconds of the first look, milliseconds of every click, and megabytes of the page afterwards."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    begun = perf_counter()
    page.goto(
        f"http://{address}/explore?{urlencode({'as_of': AS_OF, 'more': 'true'})}",
        wait_until="commit",
    )
    page.wait_for_selector(BUTTONS.format(FACETS[0]), timeout=FIRST_LOOK)
    page.wait_for_selector(FINISHED, timeout=FIRST_LOOK)
    page.wait_for_selector(PLACEHOLDER, state="detached")
    first = perf_counter() - begun
    values = [
        (facet, text.split("　")[0])
        for facet in FACETS
        for text in page.locator(BUTTONS.format(facet)).all_inner_texts()
    ]
    clicks = [
        page.evaluate(PAINTED, [HEADLINE, FINISHED, BUTTONS.format(facet), value])
        for _ in range(runs)
        for facet, value in values
        for _ in ("on", "off")
    ]
    held = _held(browser)
    page.close()
    return first, clicks, held


def _held(browser: Browser) -> float | None:
    """Megabytes of the page's process, the largest renderer there is."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = []
    for process in processes:
        rollup = Path(f"/proc/{process['id']}/smaps_rollup")
        if process["type"] == "renderer" and rollup.exists():
            (pss,) = (line for line in rollup.read_text().splitlines() if line.startswith("Pss:"))
            sizes.append(int(pss.split()[1]) / 1024)
    return max(sizes, default=None)


if __name__ == "__main__":
    main()
