"""Kept results: computed once for equal content, never changed by who was handed them."""

import threading
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import uuid4

import pandas as pd

from metrics import Scope
from metrics.keeping import copied, keep, kept
from screens.frame.view import answer
from tests.warehouse.world import World, store
from warehouse import Warehouse
from warehouse.entries.records import add_report


@dataclass(frozen=True)
class Finding:
    rows: pd.DataFrame
    texts: list[str]
    count: partial[int]


CALLS: list[int] = []


@kept
def doubled(rows: pd.DataFrame, factor: int = 2) -> pd.DataFrame:
    CALLS.append(factor)
    return rows * factor


@kept
def finding_of(rows: pd.DataFrame) -> Finding:
    return Finding(rows, ["one"], partial(len, rows))


def test_equal_content_is_computed_once_and_other_content_anew():
    CALLS.clear()
    mark = uuid4().int % 10**9
    rows = pd.DataFrame({"a": [1, mark]})
    assert doubled(rows).a.tolist() == [2, 2 * mark]
    assert doubled(pd.DataFrame({"a": [1, mark]})).a.tolist() == [2, 2 * mark]
    assert CALLS == [2]
    assert doubled(rows, factor=3).a.tolist() == [3, 3 * mark]
    rows.loc[0, "a"] = 5
    assert doubled(rows).a.tolist() == [10, 2 * mark]
    assert CALLS == [2, 3, 2]


def test_who_changes_a_result_changes_a_copy():
    rows = pd.DataFrame({"a": [1, 2, uuid4().int % 10**9]})
    first = finding_of(rows)
    first.rows["a"] = 0
    first.rows.loc[0, "b"] = 1
    first.rows.pop("a")
    first.texts.append("two")
    first.count.args[0].loc[9] = 9
    again = finding_of(rows)
    pd.testing.assert_frame_equal(again.rows, rows)
    assert (again.texts, again.count()) == (["one"], 3)


def test_who_changes_what_was_given_changes_no_result():
    mark = uuid4().int % 10**9
    rows = pd.DataFrame({"a": [1, mark]})
    finding_of(rows)
    rows["a"] = 0
    rows["b"] = 0
    again = finding_of(pd.DataFrame({"a": [1, mark]}))
    assert again.rows.to_dict("list") == {"a": [1, mark]}


def test_frames_within_anything_are_copies():
    rows = pd.DataFrame({"a": [1]})
    held = ({"x": [rows]}, Finding(rows, [], partial(len, rows)), rows.a)
    handed = copied(held)
    handed[0]["x"][0].loc[0, "a"] = 9
    handed[1].rows["a"] = 9
    handed[2].loc[0] = 9
    assert rows.a.tolist() == [1]


def test_others_wait_for_the_one_who_computes():
    begun, go_on, made = threading.Event(), threading.Event(), []

    def make() -> str:
        made.append(1)
        begun.set()
        go_on.wait(10)
        return "result"

    key, results = uuid4(), []
    threads = [threading.Thread(target=lambda: results.append(keep(key, make))) for _ in range(4)]
    threads[0].start()
    begun.wait(10)
    for each in threads[1:]:
        each.start()
    # While one key is being computed, another is not kept waiting.
    assert keep(uuid4(), lambda: "other") == "other"
    go_on.set()
    for each in threads:
        each.join(10)
    assert results == ["result"] * 4
    assert made == [1]


def test_a_write_makes_new_answers_and_the_older_stay(warehouse: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    task = world.task(ledger, date(2020, 6, 30), units=[world.unit("厅法规处")])
    store(warehouse, world)
    scope = Scope(ledger.ledger_id, date(2020, 7, 31))

    def done(version: int) -> int:
        return int(answer(warehouse, version, "completion", scope, by="all").done.iloc[0])

    before = warehouse.data_version
    handed = answer(warehouse, before, "completion", scope, by="all")
    handed["done"] = 7
    assert done(before) == 0
    add_report(
        warehouse,
        task.task_id,
        state="done",
        percent=100,
        effective_on=date(2020, 6, 1),
        recorded_by="某人",
    )
    assert warehouse.data_version > before
    assert done(warehouse.data_version) == 1
    assert done(before) == 0
