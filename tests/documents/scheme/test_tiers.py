"""Tiers as text: whatever is written out is read back as the same, and what people write is read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.scheme.tiers import TierError, read_tiers, write_tiers
from warehouse.ledger.schemes import Tier, tier_problems

FIGURES = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)


def tier(at_least, at_most, points) -> Tier:
    return Tier(
        *(None if each is None else Decimal(str(each)) for each in (at_least, at_most, points))
    )


@st.composite
def shares(draw: st.DrawFn) -> tuple[Tier, ...]:
    """Tiers of shares side by side, the last with an end or without."""
    bounds = sorted(draw(st.sets(FIGURES, min_size=2, max_size=6)))
    points = draw(st.lists(FIGURES, min_size=len(bounds), max_size=len(bounds)))
    tiers = [Tier(a, b, p) for a, b, p in zip(bounds, bounds[1:], points, strict=False)]
    return (*tiers, Tier(bounds[-1], None, points[-1])) if draw(st.booleans()) else tuple(tiers)


@st.composite
def counts(draw: st.DrawFn, beyond: int) -> tuple[Tier, ...]:
    """Tiers of counts or, with nothing `beyond` the end, of places."""
    bounds = sorted(draw(st.sets(st.integers(1, 60), min_size=2, max_size=6)))
    points = draw(st.lists(FIGURES, min_size=len(bounds), max_size=len(bounds)))
    tiers = [
        Tier(Decimal(a), Decimal(b - 1 + beyond), p)
        for a, b, p in zip(bounds, bounds[1:], points, strict=False)
    ]
    last = Tier(Decimal(bounds[-1]), None, points[-1])
    return (*tiers, last) if draw(st.booleans()) else tuple(tiers)


@given(shares(), st.sampled_from(["percent", "windows"]))
def test_shares_come_back(tiers, measure):
    assert read_tiers(write_tiers(tiers, "tiers", measure), "tiers", measure) == tiers


@given(counts(beyond=1))
def test_counts_come_back(tiers):
    assert read_tiers(write_tiers(tiers, "tiers", "times"), "tiers", "times") == tiers


@given(counts(beyond=0))
def test_places_come_back(tiers):
    assert read_tiers(write_tiers(tiers, "rank", "rank"), "rank", "rank") == tiers


@given(shares())
def test_spacing_and_width_do_not_matter(tiers):
    text = write_tiers(tiers, "tiers", "percent")
    wide = text.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789."})
    loose = wide.replace("；", " ;\n ").replace("：", " : ").replace("–", " — ")
    assert read_tiers(loose, "tiers", "percent") == tiers


@given(st.text("0123456789.-–：:；;以上第名次%=得分 一", max_size=40))
def test_any_text_is_tiers_or_one_sentence(text):
    for rule, measure in (("tiers", "percent"), ("tiers", "times"), ("rank", "rank")):
        for said in sentences(text, rule, measure):
            assert said.endswith("。")


def sentences(text: str, rule: str, measure: str) -> list[str]:
    try:
        return tier_problems(read_tiers(text, rule, measure), rule, None)
    except TierError as error:
        return [str(error)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60–80：2；80–100：3；100：4", [(60, 80, 2), (80, 100, 3), (100, None, 4)]),
        ("60%-80%得2分，80%至100%得3分、100%得4分", [(60, 80, 2), (80, 100, 3), (100, None, 4)]),
        ("60：2;80：3", [(60, 80, 2), (80, None, 3)]),
        ("80以上=3\n60以下：1；60~80：2", [(0, 60, 1), (60, 80, 2), (80, None, 3)]),
        ("", []),
    ],
)
def test_shares_as_people_write_them(text, expected):
    assert read_tiers(text, "tiers", "percent") == tuple(tier(*each) for each in expected)


@pytest.mark.parametrize(
    ("rule", "measure", "text", "expected"),
    [
        ("tiers", "times", "1：1；2：2；3以上：4", [(1, 2, 1), (2, 3, 2), (3, None, 4)]),
        ("tiers", "times", "1–3次：2；4及以上：5分", [(1, 4, 2), (4, None, 5)]),
        ("rank", "rank", "1：5；2–3：3；4–10：1", [(1, 1, 5), (2, 3, 3), (4, 10, 1)]),
        ("rank", "rank", "第1名：5；第2至第3名：3；4起：1", [(1, 1, 5), (2, 3, 3), (4, None, 1)]),
    ],
)
def test_counts_and_places_as_people_write_them(rule, measure, text, expected):
    assert read_tiers(text, rule, measure) == tuple(tier(*each) for each in expected)


@pytest.mark.parametrize(
    ("rule", "measure", "text", "said"),
    [
        ("tiers", "percent", "60–80", "“60–80”看不懂"),
        ("tiers", "percent", "差不多：2", "“差不多：2”看不懂"),
        ("tiers", "percent", "60：-2", "“60：-2”看不懂"),
        ("tiers", "percent", "60.555：2", "最多两位小数"),
        ("tiers", "times", "1–3：2；3–5：4", "“1–3：2”与“3–5：4”重叠"),
        ("tiers", "times", "1以上：2；3：4", "重叠"),
        ("tiers", "times", "1：2；3：4", "之间有空档"),
        ("rank", "rank", "1.5：2", "应为整数"),
        ("rank", "rank", "3以下：2", "看不懂"),
    ],
)
def test_what_is_no_tier_is_named(rule, measure, text, said):
    with pytest.raises(TierError, match=said):
        read_tiers(text, rule, measure)
