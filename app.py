"""The frame around every page. Run by serve.py, or by `streamlit run app.py`."""

import taskcard
import ui

page = ui.frame()
page.run()
taskcard.show_asked_for()
