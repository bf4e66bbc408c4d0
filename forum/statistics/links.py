"""What a number on a page leads to, and how far it has moved since the period before."""

from forum.statistics.figures import FIGURES, Figures

# Rates and times lead to what they count; what they count it of is one tap further.
RATES = ("participation_rate", "comment_coverage")
COUNTED_BY = {name: name for name in (*FIGURES, "silent")} | {
    "participation_rate": "participants",
    "comment_coverage": "commented",
    "median_seconds_to_first_comment": "commented",
}
OUT_OF = {
    "participants": "trainees",
    "silent": "trainees",
    "units_covered": "units",
    "commented": "reflections",
}
# They are of the class, whatever the period.
TIMELESS = ("trainees", "units", "discussions")


def changes_since(earlier: Figures, now: Figures) -> dict[str, float]:
    """By figure; rates in percentage points. Without those that have no value in one of the two."""
    found: dict[str, float] = {}
    for name in (*FIGURES, "silent"):
        before, after = getattr(earlier, name), getattr(now, name)
        if name not in TIMELESS and before is not None and after is not None:
            found[name] = (after - before) * 100 if name in RATES else after - before
    return found
