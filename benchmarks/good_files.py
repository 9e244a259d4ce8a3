"""Good files for each target that the defects are seeded into: realistic, varied, and refused by nobody.

Sixty examples: more than any provider's fewest, and more than is advised.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

type Record = dict[str, Any]

EXAMPLES = 60
SYSTEM = "You help the customers of a bicycle shop. Answer in two or three sentences."
THINGS = (
    "brake cable", "rear light", "saddle", "chain", "gear lever", "pannier", "child seat", "dynamo",
    "spoke", "inner tube", "mudguard", "bell", "pedal", "helmet", "lock", "battery", "display",
    "derailleur", "crank", "fork", "handlebar grip", "kickstand", "rim", "bottom bracket", "valve",
)  # fmt: skip
TROUBLES = (
    "squeaks when it rains", "came loose on the way to Zürich", "does not fit my 28-inch wheel",
    "was missing from the parcel", "broke after three weeks", "rattles over cobbles", "smells burnt",
    "has a scratch near the “M5” bolt", "slips in third gear", "leaks air overnight", "feels too short",
    "flickers at every bump", "sits askew", "rubs against the tyre", "cannot be unscrewed by hand",
)  # fmt: skip
WISHES = (
    "Can I still return it?", "What should I try first?", "Do you have a spare one?", "Who pays for that?",
    "How long does a repair take?", "Is it safe to ride on?", "Which tool do I need?", "Where do I send it?",
    "Would a newer model help?", "Should I visit the café workshop?",
)  # fmt: skip
STEPS = (
    "Turn the adjusting screw half a turn to the left", "Clean the contact with a dry cloth",
    "Loosen both bolts and centre the part", "Send us a photograph of the serial number",
    "Bring the bicycle to the workshop on a weekday", "Check that the lever springs back",
    "Pump the tyre to four bar and listen", "Put a drop of oil on every link", "Charge it for eight hours",
    "Measure the width at the widest place", "Replace the rubber ring, which costs €3",
    "Compare it with the drawing on page twelve",
)  # fmt: skip
ENDS = (
    "we replace it free of charge within two years", "the mechanic looks at it the same day",
    "you get a return label by e-mail", "the new part arrives on Thursday", "that usually settles it",
    "a naïve guess would be a worn bearing", "nothing else needs to come off", "the guarantee covers this",
    "riding home slowly is fine", "we lend you another bicycle meanwhile",
)  # fmt: skip
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/"
    "pLvAAAAAElFTkSuQmCC"
)


def question(dice: random.Random) -> str:
    thing, other = dice.sample(THINGS, 2)
    order = dice.randint(10_000, 99_999)
    return (
        f"My {thing} from order {order} {dice.choice(TROUBLES)}, and the {other} "
        f"{dice.choice(TROUBLES)}. {dice.choice(WISHES)}"
    )


def answer(dice: random.Random) -> str:
    first, second = dice.sample(STEPS, 2)
    return (
        f"{first}; if the {dice.choice(THINGS)} still {dice.choice(TROUBLES)}, {dice.choice(ENDS)}. "
        f"{second} before case {dice.randint(100, 999)} is closed: {dice.choice(ENDS)}."
    )


def chat(dice: random.Random) -> Record:
    messages = [{"role": "system", "content": SYSTEM}]
    for _ in range(dice.choice((1, 1, 2))):
        messages += [
            {"role": "user", "content": question(dice)},
            {"role": "assistant", "content": answer(dice)},
        ]
    return {"messages": messages}


def tools(dice: random.Random) -> Record:
    """Return a chat with a call of a tool, which fits the strictest: ids of nine characters."""
    call_id = "".join(dice.choice("abcdefghXYZ0123456789") for _ in range(9))
    arguments = json.dumps({"order": dice.randint(10_000, 99_999)})
    call = {
        "id": call_id,
        "type": "function",
        "function": {"name": "find_order", "arguments": arguments},
    }
    properties = {"order": {"type": "integer", "description": "The number of the order"}}
    parameters = {"type": "object", "properties": properties, "required": ["order"]}
    function = {"name": "find_order", "description": "Finds an order", "parameters": parameters}
    return {
        "messages": [
            {"role": "user", "content": question(dice)},
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": call_id, "content": f"Sent; {dice.choice(ENDS)}."},
            {"role": "assistant", "content": answer(dice)},
        ],
        "tools": [{"type": "function", "function": function}],
    }


def images(dice: random.Random) -> Record:
    """Return a chat with an image: every message a list of parts, which fits the strictest."""
    picture = {"type": "image_url", "image_url": {"url": PIXEL}}
    return {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": question(dice)}, picture]},
            {"role": "assistant", "content": [{"type": "text", "text": answer(dice)}]},
        ]
    }


def completion(dice: random.Random) -> Record:
    return {"prompt": f"{question(dice)}\n\n###\n\n", "completion": f" {answer(dice)} END"}


def preference(dice: random.Random) -> Record:
    asked = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question(dice)}]
    return {
        "input": {"messages": asked},
        "preferred_output": [{"role": "assistant", "content": answer(dice)}],
        "non_preferred_output": [{"role": "assistant", "content": answer(dice)}],
    }


def reinforcement(dice: random.Random) -> Record:
    asked = [{"role": "developer", "content": SYSTEM}, {"role": "user", "content": question(dice)}]
    return {"messages": asked, "expected": answer(dice), "case": str(dice.randint(100, 999))}


def alpaca(dice: random.Random) -> Record:
    return {"instruction": question(dice), "input": "", "output": answer(dice)}


def sharegpt(dice: random.Random) -> Record:
    return {
        "conversations": [
            {"from": "human", "value": question(dice)},
            {"from": "gpt", "value": answer(dice)},
        ]
    }


def chosen(dice: random.Random) -> Record:
    return {
        "prompt": [{"role": "user", "content": question(dice)}],
        "chosen": [{"role": "assistant", "content": answer(dice)}],
        "rejected": [{"role": "assistant", "content": answer(dice)}],
    }


def gemini(dice: random.Random) -> Record:
    return {
        "systemInstruction": {"parts": [{"text": SYSTEM}]},
        "contents": [
            {"role": "user", "parts": [{"text": question(dice)}]},
            {"role": "model", "parts": [{"text": answer(dice)}]},
        ],
    }


def nova(dice: random.Random) -> Record:
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": SYSTEM}],
        "messages": [
            {"role": "user", "content": [{"text": question(dice)}]},
            {"role": "assistant", "content": [{"text": answer(dice)}]},
        ],
    }


KINDS: dict[str, Callable[[random.Random], Record]] = {
    "chat": chat,
    "tools": tools,
    "images": images,
    "completion": completion,
    "preference": preference,
    "reinforcement": reinforcement,
    "alpaca": alpaca,
    "sharegpt": sharegpt,
    "chosen": chosen,
    "gemini": gemini,
    "nova": nova,
}


def dice_of(*seed: object) -> random.Random:
    return random.Random(repr(seed))  # noqa: S311 - not for secrets


def records(kind: str, dice: random.Random, many: int = EXAMPLES) -> list[Record]:
    """Return different examples of a kind."""
    return [KINDS[kind](dice) for _ in range(many)]


def line_of(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
