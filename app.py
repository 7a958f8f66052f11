"""The frame around every page. Run by serve.py, or by `streamlit run app.py`."""

from screens import parts, task

page = parts.frame()
page.run()
task.show_asked_for()
