"""`python -m benchmarks [--short]`: every benchmark in turn, as one markdown report.

`python -m benchmarks.fuzz` is not among them: it asks whether reading holds, not how fast it is.
"""

from __future__ import annotations

import argparse

from benchmarks import (
    clicking,
    documents,
    door,
    forecast,
    loaders,
    narrowing,
    pages,
    questions,
    reporting_day,
    returns,
    scans,
    scores,
    servers,
    startup,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small and few: does it still run?")
    short = parser.parse_args().short
    print(startup.measure(runs=1 if short else 5), end="\n\n", flush=True)
    print(pages.measure(runs=5 if short else 30), end="\n\n", flush=True)
    print(
        loaders.measure(runs=1 if short else 3, share=0.01 if short else 1), end="\n\n", flush=True
    )
    print(returns.measure(short=short), end="\n\n", flush=True)
    print(scores.measure(short=short), end="\n\n", flush=True)
    print(documents.measure(short=short), end="\n\n", flush=True)
    print(door.measure(runs=5 if short else 200), end="\n\n", flush=True)
    print(servers.measure(short=short), end="\n\n", flush=True)
    print(reporting_day.measure(short=short), end="\n\n", flush=True)
    print(
        forecast.measure(years=1 if short else 30, seeds=1 if short else 5), end="\n\n", flush=True
    )
    print(
        narrowing.measure(tasks=2_000 if short else 100_000, runs=2 if short else 10),
        end="\n\n",
        flush=True,
    )
    print(
        clicking.measure(tasks=2_000 if short else 100_000, runs=1 if short else 5),
        end="\n\n",
        flush=True,
    )
    print(scans.measure(short=short), end="\n\n", flush=True)
    print(questions.measure(tasks=2_000 if short else 100_000, runs=3 if short else 20))


if __name__ == "__main__":
    main()
