"""How a login by 统一身份认证 becomes an account: the settings as they are, without the secret."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accounts.provider import Settings, configured_settings
from words import ACCOUNT_ROLES, plain


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
            "本平台": st.column_config.TextColumn(width=160),
            "统一身份认证的字段": st.column_config.TextColumn(width=300),
            "说明": st.column_config.TextColumn(width=360),
        },
        alt="统一身份认证怎样对应账号",
    )
    follows = (
        "角色、单位和姓名每次登录都以统一身份认证为准"
        if settings.roles
        else "姓名每次登录都以统一身份认证为准"
    )
    st.caption(
        f"由 {plain(settings.issuer)} 认证，应用编号 {plain(settings.client_id)}。{follows}；对应过一次以后按"
        "统一身份认证的人员编号认人。设置在环境变量 CREDIT_OIDC 等中，改动要重新启动平台，见部署说明。"
    )


def rows(settings: Settings) -> list[tuple[str, str, str]]:
    """What is here, the claim there, what it means."""
    claims = settings.claims
    if not settings.roles:
        return [
            ("账号", claims["account"], "要先在本页新建同名的账号"),
            ("姓名", claims["name"], ""),
            ("角色、单位", "—", "由管理员在本页设定"),
        ]
    return [
        ("账号", claims["account"], "没有这个账号的，头一次登录时新建"),
        ("姓名", claims["name"], ""),
        *(
            (f"角色：{ACCOUNT_ROLES[role]}", f"{claims['role']} 为 {value}", "")
            for value, role in settings.roles.items()
        ),
        ("没有角色", f"{claims['role']} 为别的值", "不能登录"),
        *(
            [("单位", claims["units"], "处室/单位的账号要有，可以几个")]
            if "units" in claims
            else []
        ),
    ]
