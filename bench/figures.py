"""What the programs of this directory print: one row of figures per line, as JSON.

  name        what is measured
  unit        of the figures
  ours        a list, one figure per round
  comparison  what it is measured beside, taken in turn with ours; or nothing
  theirs      a list, one figure per round
  bar         ["ratio", X]: ours is at least X times theirs
              ["over", X]:  ours is at most theirs + X
              ["at_most", X]
              or nothing, for a figure that only informs
"""
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))


def emit(name, unit, ours, comparison=None, theirs=(), bar=None):
    row = {"name": name, "unit": unit, "ours": list(ours), "comparison": comparison,
           "theirs": list(theirs), "bar": bar}
    print(json.dumps(row), flush=True)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Disk:
    """A file beside the data of the nodes, for the price of one fsync."""

    def __init__(self):
        self.file = tempfile.TemporaryFile(prefix="mainspring-bench-")

    def fsync_seconds(self):
        os.write(self.file.fileno(), bytes(4096))
        began = time.monotonic()
        os.fdatasync(self.file.fileno())
        return time.monotonic() - began
