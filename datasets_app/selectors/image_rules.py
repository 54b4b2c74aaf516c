"""Nested rules about images and their objects: the part of the image filter that says and, or and not.

A rule is a group, {"all" | "any" | "none": [rule, …]}, or a condition, {"field", "op", "value"} (of an attribute also
"name"). A condition about objects holds for an image where any object meets it; {"object": [rule, …]} asks for one
object that meets all of its rules.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, TextField
from django.db.models.expressions import Func
from typing_extensions import override

from annotator.core.errors import DomainError
from datasets_app.ir import SPLITS
from datasets_app.models import Annotation, ImageStatus, Project

MAX_TEXT = 16_000
MAX_RULES = 60
MAX_DEPTH = 6
MAX_VALUES = 200
MAX_WORD = 200
GROUPS = ("all", "any", "none", "object")
Value = str | int | float | bool
_WHOLE_PICTURE = ("tag", "caption")
_SOURCES = ("human", "import", "method", "run", "model")


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    op: str
    value: Any
    name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    mode: str
    rules: tuple[Group | Condition, ...]


def rules_read(given: Any) -> Group | None:
    """From JSON text, or the value of it; None where nothing is asked. Raises `DomainError`."""
    if given in (None, "", {}):
        return None
    if isinstance(given, str):
        if len(given) > MAX_TEXT:
            raise _bad(f"are longer than {MAX_TEXT} characters; ask for less at once.")
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            raise _bad('must be JSON, such as {"all": [{"field": "class", "op": "in", "value": [3]}]}.') from None
    reader = _Reader()
    rule = reader.rule(given, depth=1, within=False)
    return rule if isinstance(rule, Group) else Group("all", (rule,))


def rules_to_condition(rule: Group, project: Project) -> Q:
    """Of rows of `ImageState`."""
    return _image_condition(rule, project)


class _Reader:
    """Counts what it reads, so that no filter costs more than the database should pay."""

    def __init__(self) -> None:
        self.count = 0

    def rule(self, given: Any, *, depth: int, within: bool) -> Group | Condition:
        if not isinstance(given, Mapping):
            raise _bad(f"each must be an object with a group ({', '.join(GROUPS)}) or a field.")
        self.count += 1
        if self.count > MAX_RULES:
            raise _bad(f"are more than {MAX_RULES}; ask for less at once.")
        if "field" in given:
            return _condition(given, within=within)
        mode = next((mode for mode in GROUPS if mode in given), None)
        if mode is None or len(given) != 1:
            raise _bad(f"a group must have exactly one of the keys {', '.join(GROUPS)}.")
        if within and mode == "object":
            raise _bad('one object cannot hold another: leave out the inner "object".')
        if depth > MAX_DEPTH:
            raise _bad(f"are nested deeper than {MAX_DEPTH} groups.")
        listed = given[mode]
        if not isinstance(listed, list) or not listed:
            raise _bad(f"{mode}: must be a list of at least one rule.")
        inner = within or mode == "object"
        return Group(mode, tuple(self.rule(one, depth=depth + 1, within=inner) for one in listed))


@dataclass(frozen=True, slots=True)
class _Field:
    """What may be asked of a field, and how the database is asked."""

    about: str
    check: Callable[[str, str, Any], Any]
    ops: tuple[str, ...]
    ask: Callable[[Condition, Project], Q]


def _condition(given: Mapping[str, Any], *, within: bool) -> Condition:
    name, op = given["field"], given.get("op")
    field = FIELDS.get(name) if isinstance(name, str) else None
    if field is None:
        raise _bad(f"field: {_short(name)} is unknown; choose one of {', '.join(FIELDS)}.")
    if unknown := set(given) - {"field", "op", "value", "name"}:
        raise _bad(f"{name}: does not know {_short(sorted(map(str, unknown))[0])}.")
    if op not in field.ops:
        raise _bad(f"{name}: op must be one of {', '.join(field.ops)}.")
    if within and field.about == "image":
        raise _bad(f"{name}: is said of images; it cannot be asked of one object.")
    attribute = given.get("name", "")
    if name == "attribute":
        if not isinstance(attribute, str) or not 0 < len(attribute) <= MAX_WORD:
            raise _bad(f"attribute: needs the name of one, at most {MAX_WORD} characters.")
    elif attribute != "":
        raise _bad(f"{name}: has no name; only attributes have one.")
    return Condition(name, op, field.check(name, op, given.get("value")), attribute)


# --- values ---


def _words(field: str, _op: str, value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not 0 < len(listed) <= MAX_VALUES or not all(isinstance(one, str) and len(one) <= MAX_WORD for one in listed):
        raise _bad(f"{field}: value must be a list of 1 to {MAX_VALUES} texts of at most {MAX_WORD} characters.")
    return tuple(listed)


def _one_of(known: Sequence[str]) -> Callable[[str, str, Any], tuple[str, ...]]:
    def check(field: str, op: str, value: Any) -> tuple[str, ...]:
        listed = _words(field, op, value)
        for one in listed:
            if one not in known:
                choices = ", ".join(word or '""' for word in known)
                raise _bad(f"{field}: {_short(one)} is unknown; choose from {choices}.")
        return listed

    return check


def _source_words(field: str, op: str, value: Any) -> tuple[str, ...]:
    listed = _words(field, op, value)
    for one in listed:
        if one.split(":", 1)[0] not in _SOURCES:
            raise _bad(f"{field}: {_short(one)} is unknown; choose from {', '.join(_SOURCES)}, or one of them exactly.")
    return listed


def _ids(field: str, _op: str, value: Any) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    if not 0 < len(listed) <= MAX_VALUES or not all(_is_id(one) for one in listed):
        raise _bad(f"{field}: value must be a list of 1 to {MAX_VALUES} ids of classes.")
    return tuple(listed)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _number(field: str, _op: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad(f"{field}: value must be a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _bad(f"{field}: value must be a finite number.")
    return number


def _flag(field: str, _op: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _bad(f"{field}: value must be true or false.")
    return value


def _attribute(field: str, op: str, value: Any) -> Value | None:
    if op in {"min", "max"}:
        return _number(field, op, value)
    if op == "set":
        return _flag(field, op, value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(field, op, value)
    if isinstance(value, str) and len(value) <= MAX_WORD:
        return value
    raise _bad(f"{field}: value must be a text of at most {MAX_WORD} characters, a number, true or false.")


# --- what the database is asked ---


def _in(column: str) -> Callable[[Condition, Project], Q]:
    def ask(rule: Condition, _project: Project) -> Q:
        return _either(rule.op, Q(**{f"{column}__in": rule.value}))

    return ask


def _range(column: str) -> Callable[[Condition, Project], Q]:
    def ask(rule: Condition, _project: Project) -> Q:
        return Q(**{f"{column}__{_LOOKUPS[rule.op]}": rule.value})

    return ask


def _is(column: str) -> Callable[[Condition, Project], Q]:
    return lambda rule, _project: Q(**{column: rule.value})


_LOOKUPS = {"min": "gte", "max": "lte"}


def _either(op: str, condition: Q) -> Q:
    return ~condition if op == "not_in" else condition


def _area(rule: Condition, _project: Project) -> Q:
    return Q(**{f"area__{_LOOKUPS[rule.op]}": rule.value}) & ~Q(type__in=_WHOLE_PICTURE)


def _area_share(rule: Condition, _project: Project) -> Q:
    # The share is multiplied in between: the product of both sides alone can exceed a database's integers.
    least = ExpressionWrapper(F("image__width") * rule.value * F("image__height"), output_field=FloatField())
    return Q(**{f"area__{_LOOKUPS[rule.op]}": least}) & ~Q(type__in=_WHOLE_PICTURE)


def _source(rule: Condition, _project: Project) -> Q:
    condition = Q()
    for one in rule.value:
        condition |= Q(source=one) | Q(source__startswith=f"{one}:")
    return _either(rule.op, condition)


def _annotator(rule: Condition, project: Project) -> Q:
    numbers = project.revisions.filter(author__username__in=rule.value).values("number")
    return _either(rule.op, Q(created_in__in=numbers))


def _tag(rule: Condition, _project: Project) -> Q:
    condition = Q()
    for one in rule.value:
        # As the list is kept: JSON text, where the quoted tag is unambiguous.
        condition |= Q(tags__icontains=json.dumps(one, ensure_ascii=False)) | Q(tags__icontains=json.dumps(one))
    return _either(rule.op, condition)


def _name(rule: Condition, _project: Project) -> Q:
    condition = Q()
    for one in rule.value:
        condition |= Q(image__name__icontains=one)
    return _either(rule.op, condition)


class _AttributeText(Func):
    """An attribute as text, whatever its JSON type; null where it is not set."""

    function = "jsonb_extract_path_text"
    output_field = TextField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column), _Text(name))

    @override
    def as_sqlite(self, compiler: Any, *_rest: Any, **_context: Any) -> Any:
        return _each(
            self, compiler, "CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(atom AS TEXT) END"
        )


class _AttributeNumber(Func):
    """An attribute as a number; null where it is none."""

    output_field = FloatField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column), _Text(name))

    @override
    def as_sql(self, compiler: Any, *_rest: Any, **_context: Any) -> Any:
        (column, first), (key, second) = (compiler.compile(one) for one in self.get_source_expressions())
        kind = f"jsonb_typeof(jsonb_extract_path({column}, {key}))"
        value = f"jsonb_extract_path_text({column}, {key})::double precision"
        return f"CASE WHEN {kind} = 'number' THEN {value} END", [*first, *second, *first, *second]

    @override
    def as_sqlite(self, compiler: Any, *_rest: Any, **_context: Any) -> Any:
        return _each(self, compiler, "CASE WHEN type IN ('integer', 'real') THEN CAST(atom AS REAL) END")


class _Text(Func):
    """A text as PostgreSQL wants it said where any type would do."""

    template = "%s"
    output_field = TextField()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    @override
    def as_sql(self, compiler: Any, connection: Any, *_rest: Any, **_context: Any) -> Any:
        return ("%s::text" if connection.vendor == "postgresql" else "%s"), [self.text]


def _each(func: Func, compiler: Any, value: str) -> tuple[str, list[Any]]:
    """By walking the pairs: paths of SQLite cannot say every name."""
    (column, first), (key, second) = (compiler.compile(one) for one in func.get_source_expressions())
    # Both come compiled, with their values apart.
    return f"(SELECT {value} FROM json_each({column}) WHERE key = {key})", [*first, *second]  # noqa: S608


def _attributes(rule: Condition, _project: Project) -> Q:
    asked: Func = _AttributeText("attributes", rule.name)
    lookup, value = "exact", rule.value
    if rule.op == "set":
        lookup, value = "isnull", not value
    elif rule.op == "contains":
        lookup, value = "icontains", str(value)
    elif isinstance(value, bool):
        value = json.dumps(value)
    elif isinstance(value, float):
        asked, lookup = _AttributeNumber("attributes", rule.name), _LOOKUPS.get(rule.op, "exact")
    found = Annotation.objects.order_by().alias(asked=asked).filter(**{f"asked__{lookup}": value})
    condition = Q(Exists(found.filter(pk=OuterRef("pk"))))
    return ~condition if rule.op == "is_not" else condition


_LISTED = ("in", "not_in")
_RANGED = ("min", "max")
FIELDS: dict[str, _Field] = {
    "class": _Field("object", _ids, _LISTED, _in("label_class_id")),
    "type": _Field("object", _words, _LISTED, _in("type")),
    "source": _Field("object", _source_words, _LISTED, _source),
    "score": _Field("object", _number, _RANGED, _range("score")),
    "area": _Field("object", _number, _RANGED, _area),
    "area_share": _Field("object", _number, _RANGED, _area_share),
    "attribute": _Field("object", _attribute, ("is", "is_not", "contains", *_RANGED, "set"), _attributes),
    "occluded": _Field("object", _flag, ("is",), _is("occluded")),
    "truncated": _Field("object", _flag, ("is",), _is("truncated")),
    "crowd": _Field("object", _flag, ("is",), _is("crowd")),
    "annotator": _Field("object", _words, _LISTED, _annotator),
    "state": _Field("image", _one_of(ImageStatus.values), _LISTED, _in("status")),
    "split": _Field("image", _one_of(("", *SPLITS)), _LISTED, _in("split")),
    "tag": _Field("image", _words, _LISTED, _tag),
    "name": _Field("image", _words, _LISTED, _name),
}


def _image_condition(rule: Group | Condition, project: Project) -> Q:
    if isinstance(rule, Group):
        if rule.mode == "object":
            return _some_object(_joined(rule, lambda one: _object_condition(one, project)), project)
        return _joined(rule, lambda one: _image_condition(one, project))
    field = FIELDS[rule.field]
    return field.ask(rule, project) if field.about == "image" else _some_object(field.ask(rule, project), project)


def _object_condition(rule: Group | Condition, project: Project) -> Q:
    if isinstance(rule, Group):
        return _joined(rule, lambda one: _object_condition(one, project))
    return FIELDS[rule.field].ask(rule, project)


def _some_object(condition: Q, project: Project) -> Q:
    return Q(Exists(Annotation.objects.now().filter(condition, project=project, image=OuterRef("image"))))


def _joined(group: Group, ask: Callable[[Group | Condition], Q]) -> Q:
    parts = [ask(one) for one in group.rules]
    condition = parts[0]
    for part in parts[1:]:
        condition = condition & part if group.mode in {"all", "object"} else condition | part
    return ~condition if group.mode == "none" else condition


def _short(value: Any) -> str:
    return repr(value)[:60]


def _bad(text: str) -> DomainError:
    return DomainError("bad_filter", f"rules: {text}")
