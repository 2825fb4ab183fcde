"""The table of the communes, as the pages read it."""

import pytest

from procuration.errors import RecordRejected
from procuration.record.tables import encode_table, read_table
from server.config.communes import read_communes
from tests.builders import NOW


@pytest.mark.parametrize("type_", ["²", "9" * 5000, "9", "", "٣", "-1"])
def test_a_type_of_place_that_is_none_is_refused(type_):
    row = ["988", "Nouvelle-Calédonie", 2026, "Pacific/Noumea", "", f"98818|{type_}|94285||Nouméa||98800"]
    with pytest.raises(RecordRejected, match="COMMUNES_ILLISIBLES"):
        read_communes(read_table(encode_table(1, NOW, [row])))
