"""Where the log of the centre goes."""

import logging
import sys

from server.config.log_lines import FieldFormatter, say_on_standard_output


def _logger_of_the_settings() -> logging.Logger:
    logger = logging.getLogger("server.where_the_log_goes")
    logger.propagate = False  # what pytest listens to stays out of it
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FieldFormatter())
    logger.addHandler(handler)
    return logger


def test_a_service_logs_on_standard_output_and_a_command_on_standard_error(capsys):
    logger = _logger_of_the_settings()
    logger.warning("of_a_command")
    said = capsys.readouterr()
    assert (said.out, '"event": "of_a_command"' in said.err) == ("", True)
    say_on_standard_output(logger)
    logger.warning("of_a_service")
    said = capsys.readouterr()
    assert ('"event": "of_a_service"' in said.out, said.err) == (True, "")
