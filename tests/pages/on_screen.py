"""What a page run by AppTest shows, in the words of a reader: headline, tiles, tables, charts."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest


def headline(at: AppTest) -> str:
    """The page's answer in one sentence: there is one, and it comes first."""
    return at.header[0].value


def tiles(at: AppTest) -> dict[str, str]:
    return {tile.label: tile.value for tile in at.metric}


def table(at: AppTest, key: str) -> pd.DataFrame:
    return at.dataframe(key=key).value


def charts(at: AppTest) -> list[dict[str, Any]]:
    """Plotly's own description of every chart, in the order of the page."""
    return [
        json.loads(element.proto.spec, object_hook=_array) for element in at.get("plotly_chart")
    ]


def messages(at: AppTest) -> list[str]:
    """What the page says in boxes: notes, warnings and errors."""
    return [box.value for boxes in (at.info, at.warning, at.error) for box in boxes]


def text(at: AppTest) -> str:
    """Everything the page says outside tables and charts."""
    kinds = (at.header, at.subheader, at.caption, at.markdown, at.info, at.warning, at.error)
    return "\n".join(str(element.value) for elements in kinds for element in elements)


def labelled(elements: Any, label: str) -> Any:
    """The one widget with this label."""
    (found,) = [element for element in elements if element.label == label]
    return found


def _array(value: dict[str, Any]) -> Any:
    # Plotly writes columns of numbers as bytes.
    if set(value) <= {"dtype", "bdata", "shape"} and "bdata" in value:
        return np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"]).tolist()
    return value
