"""A word has the same number on every page that uses it."""

from __future__ import annotations

import re

from on_screen import headline, tiles

AUTUMN = "2020-09-30"


def test_a_count_is_the_same_on_every_page(visit):
    pages = {
        name: visit(name, demo=True, as_of=AUTUMN)
        for name in ("overview", "indicators", "overdue", "units", "verification", "meeting")
    }
    shown = {name: tiles(at) for name, at in pages.items()}
    meeting = "".join(each.label for each in pages["meeting"].expander).replace(" ", "")

    def number_in(pattern: str) -> str:
        (number,) = set(re.findall(pattern, meeting))
        return number

    applicable = number_in(r"，适用(\d+)项")
    assert shown["overview"]["完成"].endswith(f"/{applicable}")
    assert f"，{applicable} 项任务完成" in headline(pages["overview"])
    waiting = number_in(r"待核验的(\d+)件")
    assert shown["verification"]["待核验"] == f"{waiting} 件"
    tasks = number_in(r"件（涉及(\d+)项任务）")
    said = f"{waiting} 件完成（涉及 {tasks} 项任务）待核验"
    assert said in headline(pages["verification"])
    assert shown["overview"]["逾期"] == shown["overdue"]["逾期"].removesuffix(" 项")
    assert number_in(r"其中逾期(\d+)项）") == shown["overdue"]["逾期"].removesuffix(" 项")
    ranked = re.findall(r"(?:厅机关处室|厅属单位|地方交通部门)(\d+)个：", meeting)
    units = sum(
        map(int, [*ranked, number_in(r"的单位(\d+)个，不排名"), number_in(r"集体(\d+)个，不排名")])
    )
    assert f"（其中 {units} 个有适用任务）" in headline(pages["units"])
