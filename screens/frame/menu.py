"""The menu: sections, page titles, and each page's address."""

from __future__ import annotations

import streamlit as st

TITLE = "信用交通省台账分析平台"
MENU = {
    "看进展": {
        "overview": "总览",
        "indicators": "指标完成率",
        "workload": "部门负荷",
        "overdue": "逾期预警",
        "meeting": "季度例会",
    },
    "管填报": {
        "progress": "进展填报",
        "reporting": "谁没报",
        "verification": "核验与延期",
    },
    "算得分": {
        "scoring": "自评打分",
        "gaps": "佐证缺口",
        "winning": "补分建议",
        "bonus": "加分扣分",
        "scheme": "评分方案",
    },
    "查数据": {
        "explore": "自由筛选",
        "compare": "对照比较",
        "query": "SQL 查询",
    },
    "管台账": {
        "imports": "导入台账",
        "reference": "单位与口径",
        "changes": "变更记录",
    },
}
"""Section of the menu → name of each page's file → its title."""
PAGES = {name: title for section in MENU.values() for name, title in section.items()}


def navigation() -> st.Page:
    """Draw the menu above the page; returns the page of the address."""
    # No icons: Streamlit uses a page's icon as the window's and fetches it from the internet.
    pages = {name: st.Page(f"pages/{name}.py", title=title) for name, title in PAGES.items()}

    def home() -> None:
        # Streamlit gives the default page no address of its own; 总览 shall have one.
        st.switch_page(pages["overview"], query_params=st.query_params.to_dict())

    hidden = st.Page(home, title=TITLE, default=True, visibility="hidden")
    sections = {section: [pages[name] for name in names] for section, names in MENU.items()}
    # On top: the sidebar holds the filters.
    return st.navigation({"": [hidden], **sections}, position="top")
