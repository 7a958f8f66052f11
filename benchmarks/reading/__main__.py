"""`python -m benchmarks.reading [--documents N] [--seed N] [--examples N] [--short]`

Reads the generated documents, the published excerpts and the written plans, and prints a table of each. Exit code 1 when an
aim is missed: right at least 97 % and silent at most 0.2 % of the generated duties, right at least 90 %
and none silent of the published and of the written ones, every refusal right.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.measuring import table
from benchmarks.reading import graded
from benchmarks.reading.generating import document
from benchmarks.reading.scoring import Score, scored
from loaders import Ledger, LedgerError, read_ledger

DOCUMENTS = 3_800
COLUMNS = (
    "layout",
    "documents",
    "duties",
    "right",
    "named",
    "missed",
    "silent",
    "extra",
    "refused",
)
_RIGHT, _SILENT = 0.97, 0.002
_RIGHT_PUBLISHED = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--examples", type=int, default=0, help="wrong readings to print per layout"
    )
    parser.add_argument("--short", action="store_true", help="190 documents")
    chosen = parser.parse_args()
    count = 190 if chosen.short else chosen.documents
    report, good = measure(count, chosen.seed, chosen.examples)
    published, right = measure_listed(graded.FOLDER, "Published excerpts")
    written, as_right = measure_listed(graded.WRITTEN, "Written plans")
    print(report, published, written, sep="\n\n")
    sys.exit(int(not (good and right and as_right)))


def measure_listed(folder: Path, title: str) -> tuple[str, bool]:
    """(the table of the documents of a folder in markdown, whether their aims are reached)."""
    total, lines = Score(), []
    for name, rows in graded.excerpts(folder).items():
        score = graded.scored(_read(folder / name), rows, name)
        total.add(score)
        lines.append(_line(name.removesuffix(".txt"), 1, score))
    lines.append(_line("all", len(lines), total))
    shown = "\n".join(f"- {example}" for example in total.examples)
    good = total.right >= _RIGHT_PUBLISHED * total.duties and not total.silent
    good = good and not total.not_refused and not total.refused_wrong
    report = f"## {title}\n\n{table(COLUMNS, lines)}\n\n{shown}".rstrip()
    return report, good


def measure(count: int, seed: int, examples: int = 0) -> tuple[str, bool]:
    """(the report in markdown, whether every aim is reached)."""
    scores: dict[str, Score] = {}
    documents: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            made = document(number, seed)
            path = Path(folder) / made.name
            path.write_text(made.text, encoding="utf-8")
            score = scored(_read(path), made.duties, f"{made.layout} {number}")
            scores.setdefault(made.layout, Score()).add(score)
            documents[made.layout] += 1
    total = Score()
    lines = []
    for layout, score in scores.items():
        total.add(score)
        lines.append(_line(layout, documents[layout], score))
    lines.append(_line("all", count, total))
    shown = [f"- {example}" for score in scores.values() for example in score.examples[:examples]]
    wrong = ", ".join(f"{name} {times}" for name, times in total.wrong.most_common())
    report = "\n\n".join(
        filter(
            None,
            [
                f"## Generated plans, seed {seed}",
                table(COLUMNS, lines),
                f"Wrong fields: {wrong or 'none'}.",
                "\n".join(shown),
            ],
        )
    )
    good = (
        total.right >= _RIGHT * total.duties
        and total.silent <= _SILENT * total.duties
        and not total.not_refused
    )
    return report, good


def _read(path: Path) -> Ledger | None:
    try:
        return read_ledger(path)
    except LedgerError:
        return None


def _line(layout: str, documents: int, score: Score) -> list[str]:
    to_refuse = score.refused_right + score.not_refused
    refused = f"{score.refused_right} of {to_refuse}" if to_refuse else ""
    if score.refused_wrong:
        refused = f"{refused} {score.refused_wrong} wrongly".strip()
    share = f"{score.right / score.duties:.1%}" if score.duties else ""
    counts = (score.named, score.missed, score.silent, score.extra)
    return [layout, str(documents), str(score.duties), share, *map(str, counts), refused]


if __name__ == "__main__":
    main()
