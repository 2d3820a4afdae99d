"""Merits and scores as tables: for the page, and to take home."""

import csv
import io
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape import PROBLEMS
from optimizers import OPTIMIZERS
from optimizers.maps import Merits, Score
from optimizers.maps.robustness import Result

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

MEASURES: dict[str, Callable[[Score], float | None]] = {
    "Tuned: evaluations": lambda score: _arrived(score.tuned),
    "Default: evaluations": lambda score: _arrived(score.default),
    "Rates that work, %": lambda score: None if math.isnan(score.share) else round(100 * score.share, 1),
}


def _arrived(result: Result | None) -> float | None:
    return None if result is None else result.arrived


Columns = dict[str, list[Any]]  # a table as st.dataframe takes it: a list a column
WORDS = ("Method", "Needs")  # columns of text


def merits_table(rows: Sequence[Merits]) -> Columns:
    """A row a method, on one landscape."""
    return _columns([
        {
            "Method": OPTIMIZERS[row.optimizer].name,
            "Rates that work, %": round(100 * row.working_rates, 1),
            "Rates that diverge, %": round(100 * row.diverging_rates, 1),
            "Default: evaluations": row.default.arrived,
            "Tuned: evaluations": row.tuned.arrived,
            "Best rate": row.tuned.lr,
            "Starts that arrive, %": round(100 * row.starts, 1),
            "Spread over starts": None if math.isnan(row.spread) else round(row.spread, 2),
            "Vectors kept": row.vectors,
            "Needs": row.needs.replace("_", " ") or "gradients",
        }
        for row in rows
    ])  # fmt: skip


def merits_csv(rows: Sequence[Merits]) -> bytes:
    columns = merits_table(rows)
    text = io.StringIO()
    csv.writer(text).writerows([list(columns), *zip(*columns.values(), strict=True)])
    return text.getvalue().encode()


def scores_table(scores: Sequence[Score], measure: str) -> Columns:
    """Methods down, landscapes across; first the number of landscapes on which a method arrives with its best rate."""
    value = MEASURES[measure]
    rows: dict[str, dict[str, Any]] = {}
    for score in scores:
        row = rows.setdefault(score.optimizer, {"Method": OPTIMIZERS[score.optimizer].name, "Arrives on": 0})
        row["Arrives on"] += _arrived(score.tuned) is not None
        row[PROBLEMS[score.landscape].name] = value(score)
    return _columns(sorted(rows.values(), key=lambda row: -row["Arrives on"]))


def _columns(rows: Sequence[dict[str, Any]]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def styled(columns: Columns, missing: str) -> "Styler":
    """For st.dataframe: `missing` in the place of what there is none of, which sorts as the largest number."""
    from pandas import DataFrame  # Streamlit itself imports it only where a table is shown

    numbers = {name: [math.inf if cell is None else cell for cell in cells] for name, cells in columns.items() if name not in WORDS}
    table = DataFrame(columns | numbers)

    def told(cell: Any) -> str:
        return cell if isinstance(cell, str) else missing if math.isinf(cell) else f"{cell:,.4g}"

    return table.style.format(told)
