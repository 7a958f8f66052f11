"""No text on any page of the menu is cut, overlaps or is overprinted, at each width of a window.

widths.js measures: texts against what holds them, labels of charts against the chart and each other,
heads of columns and the width of tables.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.frame.menu import PAGES

WINDOWS = (
    (1920, 1080),
    (1440, 900),
    (1366, 768),
    # 1440×900 enlarged to 200 %.
    (720, 450),
    (390, 844),
)
MEASURE = (Path(__file__).parent / "widths.js").read_text(encoding="utf-8")
MOMENT = 250
"""Milliseconds in which a page has usually taken on another width."""
LOOKS = 12
"""A fault that is gone within so many moments was the page's way there."""


def faults(page, width: int, height: int) -> list[str]:
    """What is cut or overprinted at a width once the page has taken it on."""
    page.evaluate("forgetWritten()")
    page.set_viewport_size({"width": width, "height": height})
    found: list[str] = []
    for _ in range(LOOKS):
        page.wait_for_timeout(MOMENT)
        found = page.evaluate("widthFaults()")
        if not found:
            break
    return found


@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_nothing_is_cut_or_overprinted(request, page, demo):
    asked = request.getfixturevalue("demo_server" if demo else "server")
    page.add_init_script(MEASURE)
    found: dict[str, list[str]] = {}
    for name in PAGES:
        asked.open(page, f"{name}?as_of=2020-09-30")
        for width, height in WINDOWS:
            found[f"{name} at {width}"] = faults(page, width, height)
    assert not {where: each for where, each in found.items() if each}
