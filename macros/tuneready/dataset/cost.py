"""What training will take: epochs, tokens and money, as far as a file and a price page show it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from tuneready.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuneready.dataset.distribution import Distribution
    from tuneready.targets.base import Target

# OpenAI's cookbook (Chat_finetuning_data_prep): what it expects a service to choose. The services
# say only that the number is chosen from the data.
USUAL_EPOCHS = 3
MOST_EPOCHS = 25
FEWEST_PASSES, MOST_PASSES = 100, 25_000  # examples times epochs

EPOCHS_NOTE = N_(
    "Epochs as OpenAI's cookbook expects a service to choose them for {count} examples; set the number yourself to be sure of the cost."
)
CUT_NOTE = N_("Of an example over the limit only the first {limit} tokens count.")
DROPPED_NOTE = N_("Examples over the limit do not count: they are dropped.")
UNSURE_NOTE = N_(
    "The provider does not say what happens to examples over the limit: the lower figure counts their first {limit} tokens, the higher one all of them."
)
CHOOSE_NOTE = N_("Choose a model to see what its training costs.")


def default_epochs(examples: int) -> int:
    """Return the epochs that OpenAI's cookbook expects for a number of examples, at least 1."""
    if examples * USUAL_EPOCHS < FEWEST_PASSES:
        return min(MOST_EPOCHS, FEWEST_PASSES // max(examples, 1))
    if examples * USUAL_EPOCHS > MOST_PASSES:
        return max(1, MOST_PASSES // examples)
    return USUAL_EPOCHS


class TrainingTokens(NamedTuple):
    """Tokens of all examples in one epoch; the two differ where no source says what counts."""

    low: int
    high: int


def training_tokens(
    per_example: Distribution, limit: int | None, over_limit: str | None
) -> TrainingTokens:
    """Return the tokens that one epoch trains on, given what happens to examples over the limit."""
    whole = per_example.total
    if limit is None or not per_example.above(limit):
        return TrainingTokens(whole, whole)
    cut = per_example.total_up_to(limit)
    match over_limit:
        case "cut":
            return TrainingTokens(cut, cut)
        case "dropped":
            kept = cut - limit * per_example.above(limit)
            return TrainingTokens(kept, kept)
        case _:  # a refused file has to be put right first, by cutting or by leaving out
            return TrainingTokens(cut, whole)


def training(
    per_example: Distribution, limit: int | None, target: Target, say: Callable[[str], str]
) -> dict[str, Any]:
    """Return the report's `training`: the range is over prices and over what may count."""
    examples = per_example.size
    epochs = default_epochs(examples)
    over_limit = target.limits.over_limit
    low, high = training_tokens(per_example, limit, over_limit)
    notes = [say(EPOCHS_NOTE).format(count=examples)]
    if limit is not None and per_example.above(limit):
        template = {"cut": CUT_NOTE, "dropped": DROPPED_NOTE}.get(over_limit or "", UNSURE_NOTE)
        notes.append(say(template).format(limit=limit))
    cost = _cost(target, low * epochs, high * epochs)
    if target.model is None and any(model.prices for model in target.models.values()):
        notes.append(say(CHOOSE_NOTE))
    return {"epochs": epochs, "tokens": low * epochs, "cost": cost, "note": " ".join(notes)}


def _cost(target: Target, low: int, high: int) -> dict[str, Any] | None:
    """Return the money for the tokens of all epochs, at the model's prices for training tokens."""
    prices = [
        price
        for price in (target.model.prices if target.model else ())
        if price.per == "million training tokens"
    ]
    if not prices:
        return None
    # A model's prices stand in one currency; of several, the first is the provider's usual one.
    usual = prices[0]
    amounts = [price.amount for price in prices if price.currency == usual.currency]
    source = target.sources[usual.source]
    return {
        "currency": usual.currency,
        "low": _money(low, min(amounts)),
        "high": _money(high, max(amounts)),
        "per_million": usual.amount,
        "source": {
            "key": usual.source,
            "title": source.label,
            "url": source.url,
            "read": source.read,
        },
        "read": source.read,
    }


def _money(tokens: int, per_million: float) -> float:
    """Return an amount with two decimals, rounded half up; exact until the last step."""
    hundredths = Fraction(str(per_million)) * tokens / 10_000
    return int(hundredths + Fraction(1, 2)) / 100
