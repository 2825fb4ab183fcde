"""Whether this machine's clock may decide what is deleted: what a wrong clock deletes does not come back."""

from procuration.errors import RuleViolated
from server.config.centre import Centre


def check_clock(centre: Centre) -> None:
    """The list of devices is signed elsewhere, with a day and a term: the clock must lie between them.

    Raises: RuleViolated HORLOGE_DOUTEUSE.
    """
    directory = centre.tables.directory
    if not directory.issued <= centre.clock.now() <= directory.expires:
        raise RuleViolated("HORLOGE_DOUTEUSE")
