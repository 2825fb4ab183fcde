"""`procuration-provision`: runs one command, says what it did, answers with the agreed exit status."""

import json
import sys

from procuration.errors import CarrierUnavailable, ProcurationError
from provisioning.command_line import parser
from provisioning.texts_fr import SENTENCES, sentence_for

DONE, REFUSED, WRONG_USAGE, UNREACHABLE = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run a command line.

    Returns: 0 done, 1 refused with a reason, 3 a component is unreachable; wrong usage leaves with 2.
    """
    options = parser().parse_args(arguments)
    try:
        report = options.run(options)
    except ProcurationError as error:
        return _failed(sentence_for(error), error.code, _status_of(error), as_json=options.json)
    except (KeyboardInterrupt, EOFError):
        return _failed(SENTENCES["ABANDONED"], "ABANDONED", REFUSED, as_json=options.json)
    except OSError as error:
        sentence = SENTENCES["FILE_UNREADABLE"].format(path=error.filename or "?")
        return _failed(sentence, "FILE_UNREADABLE", REFUSED, as_json=options.json)
    print(json.dumps(report.values) if options.json else "\n".join(report.lines))
    return DONE


def _status_of(error: ProcurationError) -> int:
    if isinstance(error, CarrierUnavailable):
        return UNREACHABLE
    return WRONG_USAGE if error.code == "NO_TERMINAL" else REFUSED


def _failed(sentence: str, code: str, status: int, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"code": code}))
    print(f"procuration-provision : {sentence}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
