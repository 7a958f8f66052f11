"""Files on their way to the browser: each goes to the login for whose page it was made, and to no other.

Owns which login may ask for which file, and the making of a file when its button is pressed. Refuses to
know: accounts, what is in a file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from streamlit.runtime import get_instance, memory_media_file_storage
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from accounts import SESSION_HEADER

MEDIA, UPLOADS = "/media/", "/_stcore/upload_file/"
_visits: dict[str, set[str]] = {}
"""File → the logins for which it was made; equal content is one file to Streamlit."""
_lock = threading.Lock()
_presser: ContextVar[str] = ContextVar("presser", default="")
"""Streamlit's session whose button was pressed, while its file is being made."""


class Files(MemoryMediaFileStorage):
    """Streamlit's files, with the logins for which they were made."""

    def load_and_get_id(
        self,
        path_or_data: str | bytes,
        mimetype: str,
        kind: MediaFileKind,
        filename: str | None = None,
    ) -> str:
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        context = get_script_run_ctx()
        login = _login_of(context.session_id if context else _presser.get())
        with _lock:
            _visits.setdefault(file_id, set()).add(login)
        return file_id

    def delete_file(self, file_id: str) -> None:
        super().delete_file(file_id)
        with _lock:
            _visits.pop(file_id, None)


def bind() -> None:
    """Make Streamlit keep its files so. It has no setting for it: it takes the class from this name."""
    vars(memory_media_file_storage)["MemoryMediaFileStorage"] = Files


def may_fetch(path: str, login: str) -> bool:
    """Whether a login may ask for an address below MEDIA or UPLOADS; of the others everybody may. `login`
    is what the door names, "" in 单机模式."""
    if path.startswith(MEDIA):
        with _lock:
            return login in _visits.get(path.removeprefix(MEDIA).partition(".")[0], ())
    if path.startswith(UPLOADS):
        return login == _login_of(path.removeprefix(UPLOADS).partition("/")[0])
    return True


def _login_of(session_id: str) -> str | None:
    """The login by which the page of one of Streamlit's sessions was opened; None for no open page."""
    client = get_instance().get_client(session_id)
    if client is None or client.client_context is None:
        return None
    headers = {name.lower(): value for name, value in client.client_context.headers}
    return headers.get(SESSION_HEADER.lower(), "")


def handler(known_reason: Callable[[BaseException | None], str]) -> type[DeferredFileHandler]:
    """Makes a file when its button is pressed, as Streamlit does, on the page that has the button; where
    it could not be made for a reason that the platform knows, the user is told it."""

    class Downloads(DeferredFileHandler):
        async def handle(self, request: Any, session_id: str) -> Any:
            reasons: list[str] = []
            files = self._get_media_file_mgr()

            def execute(file_id: str) -> str:
                if file_id not in files._deferred_ids_by_session.get(session_id, ()):
                    raise MediaFileStorageError(f"{file_id} is of no button of this page")
                try:
                    return files.execute_deferred(file_id)
                except MediaFileStorageError as error:
                    if reason := known_reason(error.__cause__):
                        reasons.append(reason)
                    raise

            _presser.set(session_id)
            watched: Any = SimpleNamespace(execute_deferred=execute)
            response = await DeferredFileHandler(lambda: watched).handle(request, session_id)
            if reasons:
                response.error_msg = f"文件没有生成：{reasons[0]}"
            return response

    return Downloads
