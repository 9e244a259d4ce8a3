"""Each limit of the verdict, met exactly and missed by one, on two lists of equal questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tuneready.checklist.assess import assess
from tuneready.checklist.load import load_guide
from tuneready.checklist.model import from_plain, to_plain

GUIDE = load_guide(Path(__file__).parent.parent / "checklists")
ANSWERS = {"y": "yes", "n": "no", "a": "not_applicable"}

# Answers to `why` (of the foundation) and to `data` (not of it): y yes, n no, a not applicable,
# - open, B a blocker answered no, O a blocker left open, 1 and 2 a warning sign of that weight that
# is present. Then the rule that must decide.
LIMITS = [
    ("y" * 16 + "-" * 4, "", "ready"),  # 80% of everything is answered
    ("y" * 15 + "-" * 5, "", "coverage"),
    ("y" * 20, "y" * 6 + "-" * 4, "ready"),  # 60% of a list is answered
    ("y" * 20, "y" * 5 + "-" * 5, "coverage"),
    ("y" * 12 + "a" * 8, "", "ready"),  # 40% of a list is not applicable
    ("y" * 11 + "a" * 9, "", "coverage"),
    ("y" * 19 + "O", "", "coverage"),  # no blocker may be open
    ("y" * 10 + "n" * 10, "y" * 20, "nearly"),  # half of a list of the foundation is in order
    ("y" * 9 + "n" * 11, "y" * 20, "weak-foundation"),
    ("y" * 20, "y" * 9 + "n" * 11, "nearly"),  # another list is not held to that
    ("y" * 17 + "n" * 3, "", "ready"),  # 85% of everything is in order
    ("y" * 16 + "n" * 4, "", "nearly"),
    ("y" * 20, "y" * 7 + "n" * 3, "ready"),  # 70% of a list is in order
    ("y" * 20, "y" * 6 + "n" * 4, "nearly"),
    ("y" * 19 + "1", "", "ready"),  # a warning sign of weight 1 may be present
    ("y" * 19 + "2", "", "nearly"),
    ("y" * 19 + "B", "", "nearly"),  # ready has no blocker as a gap
    ("y" * 18 + "B" * 2, "", "nearly"),  # nearly ready has two
    ("y" * 17 + "B" * 3, "", "otherwise"),
    ("y" * 12 + "n" * 8, "", "nearly"),  # 60% of everything is in order
    ("y" * 11 + "n" * 9, "", "otherwise"),
    ("y" * 20, "y" * 4 + "n" * 6, "nearly"),  # 40% of a list is in order
    ("y" * 20, "y" * 3 + "n" * 7, "otherwise"),
]


def item(name: str, sign: str) -> dict[str, Any]:
    warning = sign in "12"
    return {
        "id": name,
        "kind": "not_ready" if warning else "ready",
        "weight": int(sign) if warning else 1,
        "blocker": sign in "BO",
        "text": name,
    }


@pytest.mark.parametrize(("why", "data", "rule"), LIMITS)
def test_a_limit(why: str, data: str, rule: str) -> None:
    plain = to_plain(GUIDE, "en", "decide")
    signs = {"why": why, "data": data}
    lists = [one for one in plain["checklists"] if signs.get(one["id"])]
    answers = {}
    for one in lists:
        one["items"] = []
        for number, sign in enumerate(signs[one["id"]]):
            name = f"{one['id']}-{number}"
            one["items"].append(item(name, sign))
            if given := ANSWERS.get(sign, {"B": "no", "1": "yes", "2": "yes"}.get(sign)):
                answers[name] = given
    plain["checklists"] = lists
    plain["verdict"]["profiles"]["decide"]["checklists"] = [one["id"] for one in lists]
    assert assess(from_plain(plain), "decide", answers).rule == rule
