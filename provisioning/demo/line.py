"""The telephone line of one tablet: carries bytes between its agent and the centre. Stopping this program
cuts it.

`python -m provisioning.demo.line PORT_HERE PORT_OF_THE_CENTRE`
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable

CHUNK = 65_536


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, to its end; an end cut off ends both."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


Call = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def line_to(port: int) -> Call:
    """What to do with a call from the tablet."""

    async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            centre_reader, centre_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()  # the centre does not answer: neither does the line
            return
        await asyncio.gather(carry(reader, centre_writer), carry(centre_reader, writer))

    return call


async def serve(here: int, centre: int) -> None:
    """Carry until the program is stopped."""
    server = await asyncio.start_server(line_to(centre), "127.0.0.1", here)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
