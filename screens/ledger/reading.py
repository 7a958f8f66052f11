"""The files of a session being read: a few at a time, each with how far it is and a way to stop it.

Owns what was read in this session and what is still being read. Nothing is stored here.
"""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from loaders import LedgerError, Preview
from screens.ledger import intake
from words import plain

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
AT_ONCE = 2
"""A reading takes one processor and some hundred megabytes of a long file."""
PATIENCE = 2
"""Seconds for which the page waits: most ledgers are read before anyone could press a button."""


def read_files(uploads: Sequence[Any]) -> dict[str, tuple[str, Preview | str]]:
    """The uploaded files as far as they are read, in their order: key → (name, what was read or why
    it was not). Draws how far the others are. A file that was taken out of the list may be read anew
    when it comes back."""
    files = {
        hashlib.sha256(name.encode() + content).hexdigest(): (name, content)
        for name, content in _documents(uploads)
    }
    for key in set(_readings()) - set(files):
        del _readings()[key]
    for key in set(_intakes()) - set(files):
        _intakes().pop(key).stop()
    _read_on(files)
    if not _readings().keys() >= files.keys():
        _watch({key: name for key, (name, _) in files.items()})
    return {key: (name, _readings()[key]) for key, (name, _) in files.items() if key in _readings()}


def _documents(uploads: Sequence[Any]) -> list[tuple[str, bytes]]:
    """(name, content) of each document: pictures of the pages of one ledger are one, if so chosen."""
    files = [(upload.name, upload.getvalue()) for upload in uploads]
    pages = sorted(file for file in files if file[0].lower().endswith(PICTURES))
    if len(pages) < 2 or not st.checkbox(
        f"{len(pages)} 张图片是同一份台账的各页（按文件名的顺序）", value=True, key="pages_of_one"
    ):
        return files
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, page in pages:
            # Without the time, so that the same pages are the same file.
            archive.writestr(zipfile.ZipInfo(name), page)
    first = Path(pages[0][0])
    joined = (f"{first.stem} 等 {len(pages)} 张{first.suffix}", content.getvalue())
    return [joined, *(file for file in files if file not in pages)]


def _readings() -> dict[str, Preview | str]:
    """What was read in this session, or why it was not, by file."""
    return st.session_state.setdefault("readings", {})


def _intakes() -> dict[str, intake.Intake]:
    """The files of this session that are still being read."""
    return st.session_state.setdefault("intakes", {})


def _read_on(files: Mapping[str, tuple[str, bytes]]) -> None:
    """Take what has been read and begin with what comes next."""
    until = time.monotonic() + PATIENCE
    intakes = _intakes()
    for key, (name, content) in files.items():
        if key in _readings() or (key not in intakes and len(intakes) >= AT_ONCE):
            continue
        if key not in intakes:
            intakes[key] = intake.Intake(name, content)
        if intakes[key].finished(max(0, until - time.monotonic())):
            try:
                _readings()[key] = intakes[key].result()
            except LedgerError as error:
                _readings()[key] = str(error)
            del intakes[key]


@st.fragment(run_every=1.0)
def _watch(names: Mapping[str, str]) -> None:
    """The files that are not read yet: what is being done, how far it is, and a way to stop it."""
    intakes = _intakes()
    if any(reading.finished() for reading in intakes.values()):
        st.rerun()
    with st.container(border=True):
        if len(names) > 1:
            read = len(_readings().keys() & names.keys())
            waiting = len(names) - read - len(intakes)
            queue = f"，排队 {waiting} 个" if waiting else ""
            st.markdown(
                f"共 {len(names)} 个文件：已读完 {read} 个，正在读 {len(intakes)} 个{queue}。"
            )
        for key, name in names.items():
            if key in _readings():
                continue
            if key not in intakes:
                st.markdown(f"排队等候 **{plain(name)}**")
                continue
            line = st.container(horizontal=True, vertical_alignment="center")
            share, doing = intakes[key].progress
            with line.container():
                st.markdown(f"正在读取 **{plain(name)}**，已用 {intakes[key].seconds} 秒")
                st.progress(share, text=plain(doing))
            if line.button("停止读取", key=f"stop_{key}"):
                intakes.pop(key).stop()
                _readings()[key] = f"{name} 的读取已停止，没有存入任何内容"
                st.rerun()
