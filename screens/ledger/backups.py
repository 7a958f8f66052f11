"""The backups of the office's database on 单位与口径: the last one, the last failure, and one made now.

Draws and starts; `warehouse.backups` makes, checks and thins out.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from warehouse import Warehouse
from warehouse.backups import BackupError, Keeper, kept_record
from warehouse.opening import retention
from words import plain


def show_backups(warehouse: Warehouse) -> None:
    """When the data was last backed up, whether that failed since, and a button that does it now."""
    st.subheader("备份", anchor=False)
    if warehouse.record:
        st.info("数据存在数据库服务器上，由数据库自己备份和恢复，办法见部署说明。")
        return
    last, kept = kept_record(warehouse.path.parent), retention()
    if last.good_at:
        when = last.good_at.replace("T", " ")[:16]
        st.success(f"最近一次备份：{when}，存在 {plain(str(Path(last.good_path)))}。")
    else:
        st.warning("还没有备份。")
    if last.failed_at > last.good_at:
        st.error(f"{last.failed_at.replace('T', ' ')[:16]} 的备份没有成功：{plain(last.failure)}")
    if upgrade := warehouse.place.last_upgrade():
        st.info(
            f"{upgrade.at} 升级数据库前的备份（结构第 {upgrade.before} 版）存在 {plain(upgrade.backup)}，"
            "退回旧程序时用它恢复；不会自动清理。"
        )
    st.caption(
        f"平台开着时每天自动备份一次，含佐证文件和账号，核对无误才算数；按天留 {kept.days} 份、按周留 "
        f"{kept.weeks} 份、按月留 {kept.months} 份（在“阈值”中修改）。恢复的办法见使用手册。"
    )
    if not st.button("立即备份", key="back_up", icon=":material/save:"):
        return
    bar = st.progress(0.0, "正在备份…")

    def show(message: str, fraction: float) -> None:
        bar.progress(fraction, message)

    try:
        Keeper(warehouse, retention).make(show)
    except BackupError as error:
        st.error(str(error))
        return
    st.rerun()
