"""Kind 20: a paper form that a town hall keyed in, as CBOR values and back (docs/formats.md, 5)."""

from procuration.domain.acts import ActPlace, ActPlaceKind
from procuration.domain.competence import Authority
from procuration.domain.events import PaperForm
from procuration.domain.identifiers import EventHash
from procuration.domain.paper_form import WIDEST_DAY
from procuration.errors import RecordRejected
from procuration.record.facts import account_value, read_account
from procuration.record.shape import fields, instant, number_of, octets, seconds, sequence, words

INSEE_CODE_LENGTH_MAX = 8


def paper_form_value(form: PaperForm) -> object:
    """The content of the event."""
    by = form.authority
    return {
        0: 1,
        1: form.filed_hash,
        2: [by.nom, by.prenoms, by.qualite, by.unit_name],
        3: [seconds(form.earliest), seconds(form.latest)],
        4: [form.place.kind.value, form.place.insee_code],
        5: account_value(form.account),
    }


def read_paper_form(value: object) -> PaperForm:
    """Raises: RecordRejected."""
    read = fields(value, 6)
    nom, prenoms, qualite, unit_name = (words(one) for one in sequence(read[2], 4))
    earliest, latest = (instant(one) for one in sequence(read[3], 2))
    if not earliest <= latest <= earliest + WIDEST_DAY:
        raise RecordRejected("FORM_INTERVAL")
    kind, insee_code = sequence(read[4], 2)
    return PaperForm(
        filed_hash=EventHash(octets(read[1], length=32)),
        authority=Authority(nom=nom, prenoms=prenoms, qualite=qualite, unit_name=unit_name),
        earliest=earliest,
        latest=latest,
        place=ActPlace(
            kind=number_of(ActPlaceKind, kind),
            site_id=None,
            insee_code=words(insee_code, maximum=INSEE_CODE_LENGTH_MAX),
        ),
        account=read_account(read[5]),
    )
