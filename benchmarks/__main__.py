"""`python -m benchmarks [--quick]`: measures, prints the page, and writes results.md, results.json and results.png."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.measurement import FULL, QUICK, measured
from benchmarks.page import page
from benchmarks.picture import picture

HERE = Path(__file__).parent


def main() -> None:
    """Measures everything; with --quick little of it, to see that it works."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it works, not to be quoted")
    parser.add_argument("--out", type=Path, default=HERE, help="where the results are written")
    asked = parser.parse_args()
    found = measured(QUICK if asked.quick else FULL, lambda said: print(said, file=sys.stderr, flush=True))
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "results.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    text = page(found)
    (asked.out / "results.md").write_text(text, "utf-8")
    picture(found).savefig(asked.out / "results.png", dpi=100)
    print(text)


if __name__ == "__main__":
    main()
