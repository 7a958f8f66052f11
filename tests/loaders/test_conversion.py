"""Old Office forms, through LibreOffice when the machine has it."""

import shutil
import subprocess
import sys

import pytest
from ledger_documents import SEEDS, golden_rows, save_docx, save_xlsx, seed_table, values

from loaders import LedgerError, read_ledger
from loaders.forms import conversion

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
FAKE = """#!{python}
import pathlib, shutil, sys, time
arguments = sys.argv[1:]
assert arguments[0].startswith("-env:UserInstallation=file://")
out = pathlib.Path(arguments[arguments.index("--outdir") + 1])
{action}
"""
CONVERT = """
out.mkdir()
form = arguments[arguments.index("--convert-to") + 1]
shutil.copyfile("{prepared}", out / f"ledger.{{form}}")
"""
INSTALLED = any(shutil.which(program) for program in ("soffice", "libreoffice"))


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Put a program that does this on the path in place of LibreOffice."""

    def office(action):
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "soffice"
        program.write_text(FAKE.format(python=sys.executable, action=action), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))

    return office


def refusal(path):
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "save"),
    [("a.doc", save_docx), ("a.wps", save_docx), ("a.xls", save_xlsx), ("a.et", save_xlsx)],
)
def test_an_old_form_is_read_as_converted(name, save, tmp_path, office):
    target = ".docx" if save is save_docx else ".xlsx"
    prepared = save(tmp_path / f"prepared{target}", *seed_table("hunan-2019"))
    office(CONVERT.format(prepared=prepared))
    (tmp_path / name).write_bytes(OLE)
    ledger = read_ledger(tmp_path / name)
    assert values(ledger) == golden_rows("hunan-2019")
    assert ledger.file == ledger.tasks[0].place.file == name
    assert ledger.issues[0].message == f"文件由 LibreOffice 转换为 {target} 后读入，请核对"


def test_what_libreoffice_cannot_read(tmp_path, office):
    office("sys.exit(1)")
    (tmp_path / "a.doc").write_bytes(OLE)
    assert refusal(tmp_path / "a.doc") == (
        "文件没有转换成功，旧版 Word 文件请用 Word 或 WPS 另存为 .docx 后再导入"
    )


def test_what_takes_too_long(tmp_path, office, monkeypatch):
    monkeypatch.setattr(conversion, "_MAX_SECONDS", 0.5)
    office("time.sleep(60)")
    (tmp_path / "a.xls").write_bytes(OLE)
    assert "没有转换成功" in refusal(tmp_path / "a.xls")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("save", "forms"),
    # LibreOffice 7.4 loses the tables of a .docx it saves as .doc at once, and keeps them by way
    # of its own form.
    [(save_docx, ("odt", "doc")), (save_xlsx, ("xls",))],
    ids=["doc", "xls"],
)
def test_the_real_libreoffice(seed, save, forms, tmp_path):
    source = save(tmp_path / f"{seed}.{'docx' if save is save_docx else 'xlsx'}", *seed_table(seed))
    program = shutil.which("soffice") or shutil.which("libreoffice")
    profile = (tmp_path / "profile").as_uri()
    for form in forms:
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
        subprocess.run([*command, "--outdir", tmp_path, source], check=True, timeout=120)
        source = tmp_path / f"{seed}.{form}"
    assert values(read_ledger(source)) == golden_rows(seed)
