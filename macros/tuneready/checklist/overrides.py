"""What a file of `checklists/overrides/` may hold: the keys of the model, each of which may be left out.

An override says what changes and nothing else. Its types are made from those of the model, so that
the strict reader and `schema.json` know a new key of the model at once. `merge.py` applies them.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAliasType, get_args, get_origin

from tuneready.checklist.model import Checklist, Id, Item, Page, ScopeQuestion, VerdictModel
from tuneready.strictyaml import Refused, Rest


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem(Item):
    """An item that a team adds to an upstream checklist."""

    after: Annotated[Id | None, "The item that it follows; left out: it comes last."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChecklist(Checklist):
    """A checklist of a team's own, as a file of overrides."""

    after: Annotated[
        Id | None, "The checklist that it follows in the verdict of its phase; left out: the last."
    ] = None


def _partial(hint: Any) -> Any:
    """Return a hint of which nothing is required; a list is replaced as a whole and stays."""
    if isinstance(hint, TypeAliasType):
        hint = hint.__value__
    arguments = get_args(hint)
    match get_origin(hint) or hint:
        case typing.Annotated:
            extras = [Rest() if isinstance(extra, Rest) else extra for extra in arguments[1:]]
            return Annotated[_partial(arguments[0]), *extras]
        case typing.Union | types.UnionType:
            (inner,) = [option for option in arguments if option is not type(None)]
            return _partial(inner)
        case origin if origin is Mapping:
            return types.GenericAlias(Mapping, (arguments[0], _partial(arguments[1])))
        case kind if dataclasses.is_dataclass(kind):
            of: Any = kind
            return changes_of(of)
    return hint


@functools.cache
def changes_of(cls: Any, /, **special: Any) -> Any:
    """Return the type of what may change in a dataclass; `special` fields have hints of their own."""
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = {name: _partial(hint) for name, hint in hints.items()} | special
    return dataclasses.make_dataclass(
        f"{cls.__name__}Change",
        [(name, hint, dataclasses.field(default=None)) for name, hint in fields.items()],
        kw_only=True,
        frozen=True,
        slots=True,
        namespace={"__doc__": f"What differs from upstream. {cls.__doc__}"},
        module=__name__,
    )


_KIND = Refused(
    "of an item cannot change, for kept answers would mean the opposite; hide the item and add another"
)
_ITEM_ID = Refused("of an item cannot change; hide the item and add another")
_CHECKLIST_ID = Refused(
    "belongs to a checklist of your own, and upstream has this one; leave it out, or choose another name"
)

ItemChange: Any = changes_of(
    Item,
    id=Annotated[Any, _ITEM_ID, "It cannot change."],
    kind=Annotated[Any, _KIND, "It cannot change; hide the item and add another."],
    hide=Annotated[bool, "true: the item is not shown and does not count."],
)
ChecklistChange: Any = changes_of(
    Checklist,
    id=Annotated[Any, _CHECKLIST_ID, "Only in a checklist of your own."],
    items=Annotated[Mapping[Id, ItemChange], "What changes in upstream items, by their ids."],
    add=Annotated[tuple[NewItem, ...], "Items of your own."],
)
VerdictChange: Any = changes_of(VerdictModel)
PagesChange: Any = _partial(Mapping[Id, Page])
ScopeChange: Any = _partial(Mapping[Id, ScopeQuestion])
