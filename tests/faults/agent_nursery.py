"""Starts the agent program as often as it is asked: a fork of one process that has read all its code.

`python -m tests.faults.agent_nursery SPOOL SERVER CA`; a line on its input starts an agent and prints its
number, the next line waits until somebody has killed it. Only the seconds that Python takes to read the
program are saved: what runs is `procuration-agent run`.
"""

import os
import sys

from sync_agent.__main__ import main


def lives(arguments):
    child = os.fork()
    if child == 0:
        os._exit(main(["run", *arguments]))
    return child


def answer(text):
    print(text, flush=True)


if __name__ == "__main__":
    spool, server, ca = sys.argv[1:]
    while sys.stdin.readline():
        number = lives(["--spool", spool, "--server", server, "--ca", ca])
        answer(number)
        sys.stdin.readline()
        answer(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]))
