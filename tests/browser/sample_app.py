"""One of every widget that speaks for itself: the script test_frame.py runs inside the frame."""

import datetime
import errno
from pathlib import Path

import pandas as pd
import streamlit as st

from words import plain

FOLDER = Path(__file__).resolve().parent


def widgets() -> None:
    st.title("部件样例")
    st.file_uploader("台账文件", type=["xlsx", "docx"], accept_multiple_files=True)
    st.multiselect("责任单位", ["厅法规处", "厅人事处"])
    st.multiselect("任务类别", ["基本", "加分", "扣分"], default=["基本"])
    st.selectbox("一级指标", ["组织保障", "信用评价"], index=None)
    st.date_input("截至日期", datetime.date(2020, 9, 30), min_value=datetime.date(2020, 1, 1))
    st.date_input("起止", (datetime.date(2020, 1, 1), datetime.date(2020, 9, 30)))
    st.text_input("关键词", help="按任务内容查找")
    st.number_input("分值", 0, 100, 5)
    st.dataframe(
        pd.DataFrame({"任务": ["完善制度", "归集数据", None], "完成": [1.5, 2.0, None]}),
        alt="任务表",
        on_select="rerun",
        selection_mode="multi-row",
    )
    st.dataframe(pd.DataFrame({"任务": []}))
    st.metric("完成", "38 项", "3 项", chart_data=[1, 3, 2, 5])
    st.markdown("Search")  # the user's own word stays as it was written
    with st.expander("口径"):
        st.write("完成 ÷ 适用任务")
    if st.button("出错"):
        raise ValueError("secret detail of the failure")
    st.download_button("导出", data="a,b", file_name="表.csv")

    st.download_button("导出不成", data=unmakeable, file_name="表.csv", on_click="ignore")
    st.download_button("磁盘满了", data=without_room, file_name="满.csv", on_click="ignore")


def unmakeable() -> bytes:
    raise ValueError("secret detail of the file")


def without_room() -> bytes:
    raise OSError(errno.ENOSPC, "No space left", "/data/满.csv")


def addresses() -> None:
    st.markdown(
        plain("见 http://evil.cn/x?a=1、https://evil.cn 和 www.evil.cn，写信到 a.b@evil.cn")
    )


def failing() -> None:
    raise RuntimeError("secret detail of the failure")


st.set_page_config(page_title="样例", layout="wide")
with st.sidebar:
    st.write("边框")
st.navigation(
    [
        st.Page(widgets, title="部件", icon=":material/widgets:", default=True),
        st.Page(failing, title="故障", url_path="failing"),
        st.Page(addresses, title="网址", url_path="addresses"),
        st.Page(FOLDER / "pages" / "linked.py", title="直达", url_path="linked"),
    ]
).run()
