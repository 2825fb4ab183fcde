"""The summary of all runs, after the tests: what was tried, what was lost."""

from collections import Counter

from tests.simulation.runs import NAMED

SUMMARY = "simulation"


def pytest_terminal_summary(terminalreporter):
    """One line for people, one of the faults by kind."""
    found = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == SUMMARY and getattr(report, "when", "") == "call"
    ]
    if not found:
        return
    total, counts = Counter(), Counter()
    for one in found:
        counts.update(one.pop("counts"))
        total.update(one)
    minutes = total["wall_seconds"] / 60
    terminalreporter.section("simulation")
    terminalreporter.write_line(
        f"{len(found)} runs, {total['hours']} simulated hours, {counts['acts']} acts acknowledged, "
        f"{counts['contacts']} contacts; {total['faults']} invariants broken, "
        f"{counts['acknowledged and there']} acknowledged events checked at the centre; "
        f"second histories found at first contact {total['clones_found']}/{total['clones']}; "
        f"{total['hours'] / minutes:.0f} simulated hours per minute of this machine, "
        f"{total['hours'] / (total['seconds'] / 60):.0f} per minute of one processor"
    )
    kinds = sorted((kind, count) for kind, count in counts.items() if kind not in NAMED)
    terminalreporter.write_line(", ".join(f"{kind} {count}" for kind, count in kinds))
