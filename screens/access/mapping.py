"""How a login by 统一身份认证 becomes an account: the settings as they are, without the secret."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accounts.provider import Settings, configured_settings
from words import ACCOUNT_ROLES

HERE = {"account": "账号", "name": "姓名", "role": "角色", "units": "单位"}
"""Field of `Settings.claims` → how it is called on screen."""


def mapping() -> None:
    """What of an account comes from the provider and under which name; nothing without a provider."""
    settings = configured_settings()
    if settings is None:
        return
    st.subheader("统一身份认证怎样对应账号", anchor=False)
    st.dataframe(
        pd.DataFrame(rows(settings), columns=["本平台", "统一身份认证的字段", "说明"]),
        hide_index=True,
        column_config={
            "本平台": st.column_config.TextColumn(width=100),
            "统一身份认证的字段": st.column_config.TextColumn(width=200),
            "说明": st.column_config.TextColumn(width=620),
        },
        alt="统一身份认证怎样对应账号",
    )
    st.caption(
        f"由 {settings.issuer} 认证，应用编号 {settings.client_id}。设置在环境变量 CREDIT_OIDC 等中，"
        "改动要重新启动平台，见部署说明。"
    )


def rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Field here, claim there, what it means; in the order of HERE."""
    if "role" in settings.claims:
        roles = "；".join(
            f"{value} 为{ACCOUNT_ROLES[role]}" for value, role in settings.roles.items()
        )
        explained = {
            "account": "没有这个账号的，头一次登录时新建；对应一次以后按统一身份认证的人员编号认人",
            "role": f"{roles}；别的值没有角色，不能登录。每次登录都以统一身份认证为准",
            "units": "角色是处室/单位的要有，可以几个。每次登录都以统一身份认证为准",
        }
    else:
        explained = {
            "account": "要先在本页新建同名的账号；对应一次以后按统一身份认证的人员编号认人",
            "role": "由管理员在本页设定",
            "units": "由管理员在本页设定",
        }
    explained["name"] = "每次登录都以统一身份认证为准"
    return [
        (title, settings.claims.get(name, "—"), explained.get(name, "没有用到"))
        for name, title in HERE.items()
    ]
