"""How figures, days and long names are written."""

from __future__ import annotations

import pickle
import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *((62.25, 62.3), (62.35, 62.4), (0.25, 0.3), (8.35, 8.4), (-1.25, -1.3), (1.2499, 1.2)),
        # 8.249999999999993 as a binary fraction.
        (83.35 - 75.1, 8.3),
    ],
)
def test_every_figure_is_rounded_half_up(value: float, shown: float):
    assert words.rounded(value, 1) == shown
    assert words.points(value) == f"{shown:.1f}"
    assert words.number(value, 1) == f"{shown:.1f}"
    if value > 0:
        assert words.percent(value, 1) == f"{shown:.1f}%"


def test_what_is_unknown_stays_unknown_when_rounded():
    assert pd.isna(words.rounded(float("nan"), 1))
    assert pd.isna(words.rounded_percent(float("nan"), 1))


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0, 0, "0%"),
        (100, 0, "100%"),
        (62.4, 0, "62%"),
        (99.5, 0, "99%"),
        (99.999, 0, "99%"),
        (0.4, 0, "1%"),
        (0.0001, 0, "1%"),
        (99.96, 1, "99.9%"),
        (99.94, 1, "99.9%"),
        (0.04, 1, "0.1%"),
        (100, 1, "100.0%"),
        (None, 0, "—"),
        (float("nan"), 0, "—"),
    ],
)
def test_percent(value: float | None, decimals: int, shown: str):
    assert words.percent(value, decimals) == shown


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 2))
def test_percent_is_full_only_when_nothing_is_left(tasks: int, done: int, decimals: int):
    done = min(done, tasks)
    shown = words.percent(100 * done / tasks, decimals)
    full, none = (f"{rate:.{decimals}f}%" for rate in (100, 0))
    assert (shown == full, shown == none) == (done == tasks, done == 0)


@pytest.mark.parametrize(
    ("part", "whole", "fewest", "shown", "with_counts"),
    [
        *((0, 1, 5, "0/1", "0/1"), (4, 4, 5, "4/4", "4/4"), (4, 5, 5, "80%", "80%（4/5）")),
        *((5, 5, 6, "5/5", "5/5"), (1, 2, 0, "50%", "50%（1/2）"), (0, 0, 5, "—", "—（0/0）")),
    ],
)
def test_a_rate_of_few_is_a_fraction(
    part: int, whole: int, fewest: int, shown: str, with_counts: str
):
    value = 100 * part / whole if whole else None
    row = SimpleNamespace(due_done=part, due=whole, due_rate=value, fewest_for_percent=fewest)
    assert words.rate(row, "due_rate") == shown
    assert words.rate_with_counts(row, "due_rate") == with_counts


@pytest.mark.parametrize(("tasks", "shown"), [(4, "3.2/8"), (5, "40%")])
def test_a_rate_by_points_of_few_tasks_is_a_fraction_of_the_points(tasks: int, shown: str):
    row = SimpleNamespace(
        done_rate_by_points=40.0, points=8.0, with_points=tasks, fewest_for_percent=5
    )
    assert words.rate(row, "done_rate_by_points") == shown
    assert words.rounded_percent(words.RateOfFew(1, 3), 1).fraction == "1/3"


def test_a_rate_of_few_is_compared_and_stored_as_the_number_it_is():
    rate = words.RateOfFew(1, 3)
    assert 33 < rate < 34
    again = pickle.loads(pickle.dumps(rate))
    assert (again, again.fraction) == (rate, "1/3")


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "shown"),
    [
        (12.34, 1, False, "12.3"),
        (12.34, 1, True, "+12.3"),
        (-12.34, 1, True, "-12.3"),
        (-12.34, 0, False, "-12"),
        (0, 1, True, "0.0"),
        (-0.04, 1, True, "0.0"),
        (-0.04, 1, False, "0.0"),
        (None, 1, True, "—"),
        (float("nan"), 0, False, "—"),
    ],
)
def test_points_carry_a_sign_only_when_there_is_a_change(
    value: float | None, decimals: int, signed: bool, shown: str
):
    assert words.points(value, decimals, signed=signed) == shown


def test_numbers_and_days():
    assert words.number(12345) == "12,345"
    assert words.number(2.25, 2) == "2.25"
    assert words.number(None) == "—"
    assert words.day(date(2020, 9, 3)) == "2020-09-03"
    assert words.day(pd.Timestamp(2020, 9, 3)) == "2020-09-03"
    assert words.day(pd.NaT) == "—"
    assert words.day_in_sentence(date(2020, 9, 3)) == "9 月 3 日"


def test_a_lamp_is_a_shape_and_a_word():
    lamps = [words.lamp(code) for code in words.LAMPS]
    assert lamps[0] == "▲ 红灯"
    for part in zip(*(vars(lamp).values() for lamp in words.LAMPS.values()), strict=True):
        assert len(set(part)) == len(words.LAMPS)


def test_lamps_are_explained_with_the_thresholds_that_hold():
    meanings = words.lamp_meanings(yellow=12.5, red=40.0, soon=45)
    assert meanings.keys() == words.LAMPS.keys()
    assert "超过 40 个百分点" in meanings["red"]
    assert "45 天内到期，或落后 12.5–40 个百分点" in meanings["yellow"]
    meanings = words.lamp_meanings(yellow=12.5, red=40.0, soon=45, red_overdue_only=True)
    assert meanings["red"] == "逾期"
    assert "或落后 12.5 个百分点以上" in meanings["yellow"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 4, [""]),
        ("信用平台", 4, ["信用平台"]),
        ("加强事中信用评价", 4, ["加强事中", "信用评价"]),
        ("信用承诺，信用评价", 4, ["信用承诺，", "信用评价"]),
        # No character is left alone.
        ("加强信用评价", 5, ["加强信用评价"]),
        # Latin letters are about half as wide.
        ("credit信用", 5, ["credit信用"]),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]):
    assert words.wrap(text, width, "\n").split("\n") == lines


@given(st.text("信用承诺，。、）ab1", max_size=40), st.integers(2, 12))
def test_wrapping_loses_nothing_and_breaks_no_rule(text: str, width: int):
    lines = words.wrap(text, width, "\n").split("\n")
    assert "".join(lines) == text
    assert not [line for line in lines[1:] if line[0] in "，。、）"]
    if len(lines) > 1:
        assert len(lines[-1]) > 1


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("", 4, ""),
        ("信用平台", 4, "信用平台"),
        ("信用平台和网站", 4, "信用平…"),
        ("creditchina", 7, "creditchina"),
    ],
)
def test_shorten(text: str, width: float, shown: str):
    assert words.shorten(text, width) == shown


@given(st.text("信用承诺评价", max_size=40), st.integers(1, 12))
def test_shortened_text_fits_and_says_that_more_follows(text: str, width: int):
    shown = words.shorten(text, width)
    assert len(shown) <= width
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "0"),
        (1, "0.01"),
        (10, "0.1"),
        (25, "0.25"),
        (100, "1"),
        (350, "3.5"),
        (10_000, "100"),
        (1_010, "10.1"),
        (-5, "−0.05"),
        (999_999, "9999.99"),
        (None, "—"),
        (pd.NA, "—"),
        (float("nan"), "—"),
    ],
)
def test_a_score_is_written_from_whole_hundredths(cents, said):
    assert words.score(cents) == said


def test_every_score_is_written_exactly():
    written = [words.score(cents).replace("−", "-") for cents in range(-1_200, 12_000)]
    assert [Decimal(text) * 100 for text in written] == list(range(-1_200, 12_000))


@given(st.text("htps:/.w@ac-1 见", max_size=40))
def test_no_address_is_left_for_streamlit_to_link(text):
    shown = words.plain(f"见 http://x.cn{text} www.x.cn a@b.cn {text}").replace("\\", "")
    assert not re.search(r"https?://|www\.\w|[\w.+-]@[\w-]+\.[\w-]", shown)
    assert words.plain("厅法规处：3@ 5") == "厅法规处：3@ 5"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "在系统实际建设中，含有与部省信用平台对接共享模块、信用承诺模块",
            "含有与部省信用平台对接共享模块",
        ),
        ("根据信用评价结果，结合“双随机一公开”，实施分级分类监管。", "实施分级分类监管"),
        ("在全区开展信用交通宣传月活动，形成专题报告并报送", "在全区开展信用交通宣传月活动"),
    ],
)
def test_what_only_says_by_what_does_not_stand_for_the_task(text: str, short: str) -> None:
    assert words.clause(text, 18) == short
    assert words.clause(text, 60) == text


def test_quotation_marks_inside_others_are_single() -> None:
    assert words.quoted("采取实际措施推进“信易行”工作。") == "“采取实际措施推进‘信易行’工作”"
