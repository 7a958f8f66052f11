"""The frame around every page. Run by serve.py, or by `streamlit run app.py`."""

from screens import parts, search, task

with parts.frame() as (page, above_filters):
    search.offer(above_filters)
    task.ask_by_address()
    page.run()
    task.show_asked_for()
