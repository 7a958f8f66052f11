"""What a page drew, kept in a file, and drawn again from constants.

Owns which call of Streamlit draws which message. Values of widgets are not kept: each begins as new.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import plotly.io
import pyarrow as pa
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Dataframe_pb2 import Dataframe
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg, ForwardMsgList

SOME_DAY, SOME_TIME = date(2020, 9, 30), time(12)
Place = tuple[int, ...]
"""Where on the page: main part or sidebar, then the place within each container."""
Draw = Callable[[Any], Any]
"""Draws into a container; returns the container it made, else None."""


def record(messages: Iterable[ForwardMsg], file: Path) -> None:
    """Write the messages of one run that draw something."""
    drawn = ForwardMsgList(
        messages=[each for each in messages if each.WhichOneof("type") == "delta"]
    )
    file.write_bytes(drawn.SerializeToString())


@cache
def drawings(file: Path) -> list[tuple[Place, Draw]]:
    """What is in the file, in its order: the place and the call that draws it."""
    kept = ForwardMsgList.FromString(file.read_bytes())
    made = []
    for number, message in enumerate(kept.messages):
        path = tuple(message.metadata.delta_path)
        kind = message.delta.WhichOneof("type")
        key = f"{file.stem} {number}"
        if kind == "add_block":
            made.append((path, _container(message.delta.add_block)))
        elif kind == "new_element" and (draw := _element(message.delta.new_element, key)):
            made.append((path, draw))
    return made


def _container(block: Block) -> Draw:
    kind = block.WhichOneof("type")
    if kind == "expandable":
        label = block.expandable.label
        return lambda place: place.expander(label)
    if kind == "popover":
        label = block.popover.label
        return lambda place: place.popover(label)
    flex = block.flex_container
    is_row = flex.direction == flex.HORIZONTAL
    return lambda place: place.container(horizontal=is_row, border=flex.border)


def _element(element: Element, key: str) -> Draw | None:
    kind = element.WhichOneof("type")
    return DRAWN[kind](getattr(element, kind), key) if kind in DRAWN else None


def _call(name: str, *values: Any, **named: Any) -> Draw:
    def draw(place: Any) -> None:
        getattr(place, name)(*values, **named)

    return draw


def _choice(name: str) -> Callable[[Any, str], Draw]:
    return lambda drawn, key: _call(name, drawn.label or "choice", list(drawn.options), key=key)


def _pills(drawn: ButtonGroup, key: str) -> Draw:
    options = [option.content for option in drawn.options]
    mode = "multi" if drawn.click_mode == ButtonGroup.MULTI_SELECT else "single"
    return _call("pills", drawn.label or "choice", options, selection_mode=mode, key=key)


def _figure(drawn: Any, key: str) -> Draw:
    figure = plotly.io.from_json(drawn.spec, skip_invalid=True)
    config = json.loads(drawn.config or "{}")
    selects = "rerun" if drawn.selection_mode else "ignore"
    return _call("plotly_chart", figure, key=key, theme=None, config=config, on_select=selects)


def _table(drawn: Dataframe, key: str) -> Draw:
    frame = pa.ipc.open_stream(drawn.arrow_data.data).read_pandas()
    named: dict[str, Any] = {"hide_index": True, "key": key}
    named["column_config"] = json.loads(drawn.columns or "{}")
    if drawn.HasField("row_height"):
        named["row_height"] = drawn.row_height
    if drawn.editing_mode != Dataframe.READ_ONLY:
        return _call("data_editor", frame, **named)
    if drawn.selection_mode:
        named |= {"on_select": "rerun", "selection_mode": "single-row"}
    return _call("dataframe", frame, **named)


def _download(drawn: Any, key: str) -> Draw:
    return _call("download_button", drawn.label, lambda: b"", key=key, on_click="ignore")


def _labelled(name: str, *values: Any) -> Callable[[Any, str], Draw]:
    return lambda drawn, key: _call(name, drawn.label or name, *values, key=key)


DRAWN: dict[str, Callable[[Any, str], Draw]] = {
    "alert": lambda drawn, _: _call("info", drawn.body),
    "button": _labelled("button"),
    "button_group": _pills,
    "checkbox": _labelled("toggle"),
    "dataframe": _table,
    "date_input": _labelled("date_input", SOME_DAY),
    "download_button": _download,
    "file_uploader": _labelled("file_uploader"),
    "heading": lambda drawn, _: _call("header", drawn.body, anchor=False),
    "markdown": lambda drawn, _: _call("markdown", drawn.body),
    "metric": lambda drawn, _: _call("metric", drawn.label, drawn.body, help=drawn.help or None),
    "multiselect": _choice("multiselect"),
    "number_input": _labelled("number_input"),
    "page_link": lambda drawn, _: _call("page_link", "https://example.invalid", label=drawn.label),
    "plotly_chart": _figure,
    "progress": lambda drawn, _: _call("progress", drawn.value),
    "radio": _choice("radio"),
    "selectbox": _choice("selectbox"),
    "text_area": _labelled("text_area"),
    "text_input": _labelled("text_input"),
    "time_input": _labelled("time_input", SOME_TIME),
}
"""Kind of message → what draws it. The others change the page in ways that cost nothing."""
