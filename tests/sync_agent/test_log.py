"""The log: closed list of fields, one JSON object a line."""

import json
import logging

from sync_agent.log import JsonLines


def line_of(logger: str, message: str, **extra: object) -> dict:
    record = logging.getLogger(logger).makeRecord(
        logger, logging.INFO, "f", 1, message, (), None, extra=extra
    )
    return json.loads(JsonLines().format(record))


def test_an_event_is_one_object_with_its_fields():
    line = line_of("sync_agent", "bundle_answered", bundle="00.prb", bytes=3)
    assert line.pop("at")
    assert line == {"level": "info", "event": "bundle_answered", "bundle": "00.prb", "bytes": 3}


def test_a_field_that_is_not_on_the_list_stays_out():
    assert "DUBOIS" not in json.dumps(line_of("sync_agent", "bundle_answered", mandant="DUBOIS"))


def test_the_sentences_of_libraries_stay_out():
    line = line_of("urllib3.connectionpool", "POST to DUBOIS", bundle="DUBOIS")
    assert line.pop("at")
    assert line == {"level": "info", "event": "library", "code": "URLLIB3"}
