"""Streamlit's own files as the browser receives them: the index page and the file that draws tables.

Owns what is changed in them, and the script and style of web/ that go with the page. Refuses to know
how they are sent, which is serve.py's.
"""

from __future__ import annotations

import csv
import json
import logging
import re
from pathlib import Path

WEB = Path(__file__).resolve().parent
TITLE = "信用交通省台账分析平台"
NO_SCRIPT = "本平台需要浏览器启用 JavaScript 才能使用，请在浏览器设置中启用后刷新页面。"

TABLE = {
    r"=\w+\(e,t,u,i-s\.cellHorizontalPadding\*2,l\?\?!1\),f=(\w+)\(e,u\),p=s\.lineHeight\*f": (
        r"=linesOfCell(e,t,i-s.cellHorizontalPadding*2,Math.floor(a/(s.lineHeight*\1(e,u)))),"
        r"f=\1(e,u),p=s.lineHeight*f"
    ),
    r"title:e\.title,hasMenu:!1,": "title:headOfColumn(e),hasMenu:!1,",
}
"""Where Streamlit's tables break lines and name heads → the same by web/grid.js. Streamlit's own way begins
lines with ，, takes some that are too long for one line and has the heads of numbers on the left."""
CHOICES = {
    r"\.filter\((\w)=>(\w+)\((\w),\1\.label\)\)": r".filter(\1=>\2(\3,searchedText(\1.label)))",
    r"(\w)=>-(\w+)\((\w),\1\.label\)": r"\1=>-\2(\3,searchedText(\1.label))",
}
"""Where Streamlit's lists compare what is typed with a choice → with the text of web/initials.js."""
OWN_WAYS = {
    "/static/js/DataFrame.": TABLE,
    "/static/js/useSyncComboBoxEnterTargetFocus.": CHOICES,
}
"""How the address of a file of Streamlit's begins → what is changed in it."""

log = logging.getLogger("serve")


def translation_script() -> str:
    """chinese.js called with the rows of words.csv, and the other scripts."""
    with (WEB / "words.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [[row["place"], row["english"], row["chinese"]] for row in csv.DictReader(file)]
    code = (WEB / "chinese.js").read_text(encoding="utf-8").rstrip()
    others = ("door", "kept", "unsaved", "ways", "search", "show", "grid", "query", "initials")
    rest = "\n".join((WEB / f"{name}.js").read_text(encoding="utf-8") for name in others)
    return f"{code}({json.dumps(rows, ensure_ascii=False)});\n{rest}"


def chinese_index(original: str, script_url: str, icon_url: str) -> str:
    """Streamlit's index.html with Chinese language, title and noscript, our script in front and our
    style.

    Raises ValueError when a piece to be replaced is not there: a new Streamlit needs a new look.
    """
    style = f"<style>\n{(WEB / 'page.css').read_text(encoding='utf-8')}</style>"
    page = original
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="zh-CN">'),
        (r"<title>[^<]*</title>", f"<title>{TITLE}</title>"),
        (r"<noscript>.*?</noscript>", f"<noscript><p>{NO_SCRIPT}</p></noscript>"),
        # The pointer to the agent API, with the comment that explains it.
        (r'<!--(?:(?!-->).)*-->\s*<link rel="service-desc"[^>]*/>', ""),
        # The theme names installed Chinese fonts; fetching Streamlit's own first helps nobody.
        (r'<link\s+rel="preload"[^>]*as="font"[^>]*/>', ""),
        # The only inline script, for search engines; without it no inline script need be allowed.
        (r"<!-- initialize window.prerenderReady.*?</script>", ""),
        # Streamlit looks up rel="shortcut icon" and, for a page icon ":material/…:", points it at
        # fonts.gstatic.com. Under the other name it finds nothing, and nothing is fetched.
        (r'<link rel="shortcut icon"[^>]*/>', f'<link rel="icon" href="{icon_url}" />'),
        # Classic and in front of the module scripts, so it runs before Streamlit does.
        (r"</title>", f'</title>\n    <script src="{script_url}"></script>\n    {style}'),
    ):
        place = re.search(pattern, page, flags=re.S)
        if not place:
            raise ValueError(f"Streamlit's index.html has no {pattern}")
        page = page[: place.start()] + replacement + page[place.end() :]
    return page


def with_own_ways(path: str, file: bytes) -> bytes:
    """A file of Streamlit's at this address with what we change in it. One that has no such place stays
    as it is there: tables are then less well set or lists not searched by initials, and all is right."""
    changed = next((ways for begun, ways in OWN_WAYS.items() if path.startswith(begun)), None)
    if changed is None:
        return file
    text = file.decode()
    for place, own in changed.items():
        text, count = re.subn(place, own, text)
        if not count:
            log.warning("Streamlit's %s has no %s", path, place)
    return text.encode()
