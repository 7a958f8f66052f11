"""The floor beneath a page: as many charts, tables, tiles and texts as it, all of them constant.

An app of its own, served like the real one. The address says how many: ?charts=4&tables=5&metrics=7
&texts=9. No page that draws this much can be quicker.
"""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

LABELS = [f"第{n}项一级指标" for n in range(1, 8)]
RATES = [12, 48, 57, 61, 74, 88, 93]
ROWS = pd.DataFrame(
    {
        "序号": range(1, 11),
        "目标任务": ["完善信用信息归集共享和公开制度，明确采集主体、对象和时限"] * 10,
        "完成率": [48.3] * 10,
        "理由": ["落后序时 36.8 个百分点"] * 10,
    }
)


def wanted(name: str) -> range:
    return range(int(st.query_params.get(name, 0)))


st.set_page_config("floor", layout="wide")
for place in wanted("metrics"):
    st.metric(f"数 {place}", "48%", border=True)
for place in wanted("texts"):
    st.markdown(f"**第 {place} 段**")
for place in wanted("charts"):
    figure = go.Figure(go.Bar(x=RATES, y=LABELS, orientation="h", text=RATES))
    figure.update_layout(height=320, margin={"l": 10, "r": 10, "t": 10, "b": 10})
    st.plotly_chart(figure, key=f"chart {place}", theme=None)
for place in wanted("tables"):
    st.dataframe(ROWS, hide_index=True, key=f"table {place}")
