"""Saving from a form: what is said once, what is emptied, and what a refusal leaves as it was."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from screens.parts import saving
    from warehouse import WarehouseError

    saving.show_report("form")
    text = st.text_input("文字", key=saving.field("form", "text"))
    stored = st.session_state.setdefault("stored", [])

    def store() -> int:
        if not text:
            raise WarehouseError("请填写文字。")
        stored.append(text)
        return len(stored)

    if st.button("保存"):
        saving.save("form", store, lambda count: f"已存入第 {count} 条。")


def test_what_was_stored_is_reported_once_and_the_field_is_empty_again():
    at = AppTest.from_function(page).run()
    at.text_input[0].set_value("一")
    at.button[0].click().run()
    assert at.session_state["stored"] == ["一"]
    assert [box.value for box in at.success] == ["已存入第 1 条。"]
    assert at.text_input[0].value == ""
    assert not at.run().success


def test_a_refusal_is_shown_and_changes_nothing():
    at = AppTest.from_function(page).run()
    key = at.text_input[0].key
    at.button[0].click().run()
    assert [box.value for box in at.error] == ["请填写文字。"]
    assert not at.success
    assert at.session_state["stored"] == []
    assert at.text_input[0].key == key
