"""The registre spécial of one unit, with or without the names of people (R. 75-I; R-25)."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from procuration.domain.people import PlaceType
from procuration.domain.register import AuthorityAct
from server.config.centre import Tables
from server.pages.french import inside, moment
from server.pages.places import place_name
from server.registers.selectors import Unit, zone_of_place
from server.registers.sheet import (
    Cell,
    Column,
    Kind,
    Line,
    Sheet,
    authority_words,
    edited_words,
    local_field,
    names_words,
    reason_words,
)
from server.texts_fr import counted, text


def special_sheet(
    unit: Unit,
    acts: Sequence[AuthorityAct],
    tables: Tables,
    now: datetime,
    with_names: bool,
    first: int = 1,
    total: int | None = None,
) -> Sheet:
    """The acts of a unit in their order, numbered. Without names, neither mandant nor officer is in it.

    Args:
        first, total: of one page only: the rank of its first act, and how many acts there are.
    """
    zone = zone_of_place(unit.place, tables)
    lines = tuple(_line(rank, act, tables, zone, with_names) for rank, act in enumerate(acts, start=first))
    notes = [text("register.law.special")]
    if not with_names:
        notes.append(text("register.names.hidden"))
    columns = _COLUMNS_WITH_NAMES if with_names else _COLUMNS
    return Sheet(
        kind=Kind.SPECIAL,
        title=text("register.kind.special"),
        about=(text("register.place", name=unit.name, code=unit.code),),
        notes=tuple(notes),
        edited=edited_words(now, zone),
        edited_at=now,
        count=counted("register.acts", len(lines) if total is None else total),
        empty=text("register.empty.acts"),
        columns=tuple(
            Column(text(f"register.column.{key}"), width, key == ("mandant" if with_names else "at"))
            for key, width in columns
        ),
        headers=tuple(text(f"register.csv.{key}") for key in _FIELDS),
        lines=lines,
        first=first,
        stem=f"registre-special-{re.sub('[^A-Za-z0-9-]', '-', unit.code)}",
    )


def _line(rank: int, act: AuthorityAct, tables: Tables, zone: ZoneInfo, with_names: bool) -> Line:
    words, mandant, authority = _act_words(act), act.mandant, act.authority
    where = "" if act.place_code is None else place_name(tables, act.place_code, PlaceType.COMMUNE)
    in_log = text("register.act.place_in_log", log=act.log_id, seq=act.seq)
    remark = (
        text("register.act.without_effect", reason=inside(reason_words(act.without_effect)))
        if act.without_effect
        else ""
    )
    named = with_names and mandant is not None and authority is not None
    cells = (
        Cell(lines=(str(rank),)),
        Cell(lines=(moment(act.at, zone),)),
        Cell(words, (reason_words(act.code),) if act.code else ()),
        *(
            (Cell(names_words(mandant.given_names, mandant.birth_name) if mandant else ""),)
            if with_names
            else ()
        ),
        Cell(lines=(where,)),
        Cell(lines=(_authority_words(act, with_names),)),
        Cell(lines=tuple(part for part in (remark, in_log) if part)),
    )
    names = (
        (mandant.birth_name or "", mandant.given_names or "", authority.nom, authority.prenoms)
        if named and mandant is not None and authority is not None
        else ("", "", "", "")
    )
    fields = (
        str(rank), local_field(act.at, zone), words, act.code, reason_words(act.code), *names[:2], where,
        *names[2:], authority.qualite if authority else "", authority.unit_name if authority else "",
        act.log_id, str(act.seq), remark,
    )  # fmt: skip
    return Line(cells, fields)


def _act_words(act: AuthorityAct) -> str:
    return text("register.act.unread" if act.decision is None else f"register.act.{int(act.decision)}")


def _authority_words(act: AuthorityAct, with_names: bool) -> str:
    if act.authority is None:
        return ""
    if not with_names:
        return act.authority.qualite
    return authority_words(act.authority.nom, act.authority.prenoms, act.authority.qualite)


_COLUMNS = (("rank", 6), ("at", 19), ("act", 22), ("where", 13), ("authority", 16), ("remark", 24))
_COLUMNS_WITH_NAMES = (
    ("rank", 5), ("at", 13), ("act", 17), ("mandant", 20), ("where", 11), ("authority", 16), ("remark", 18),
)  # fmt: skip
_FIELDS = (
    "rank", "at", "act", "code", "reason", "mandant_nom", "mandant_prenoms", "where", "authority_nom",
    "authority_prenoms", "authority_qualite", "unit", "log", "seq", "remark",
)  # fmt: skip
