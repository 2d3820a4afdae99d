"""Do ten visitors on the nets page leave it usable, and the race as quick as it was? Websocket clients, as in `load`, without a browser.

Each visitor of /nets turns a learning rate every few seconds, so that racers train and planes are computed anew, and asks again as the
page's pulse does until all is whole; a few others turn a slider on the race meanwhile. Every visitor has a seed of its own: nothing that
one has computed is remembered for another. Prints and never asserts.

    python -m tests.benchmarks.nets_load                                      # starts the app itself
    python -m tests.benchmarks.nets_load --url http://127.0.0.1:8501 --clients 20 --path "/nets?preset=digits&seed={}"
"""

import argparse
import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np
import psutil
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.benchmarks.load import PATIENCE, Client, Tally, listener, resident
from tests.benchmarks.load import visit as visit_race
from tests.tools.serve import Server

LABEL = "learning rate"
LONGEST = 180  # s until an answer counts as one that never comes


@dataclass
class Waits:
    """s from a slider's value to what follows it, of all visitors of the nets page."""

    tally: Tally = field(default_factory=Tally)  # .moves: to the end of the first run
    opened: list[float] = field(default_factory=list)  # from connecting until all is whole
    picture: list[float] = field(default_factory=list)  # to the first new picture
    whole: list[float] = field(default_factory=list)  # until training and plane are done
    pulses: list[float] = field(default_factory=list)  # one look again, there and back
    overtaken: int = 0  # moves that the next one came before
    lost: int = 0  # moves whose answer never came


@dataclass
class NetsClient(Client):
    """A visitor whose page looks again by itself."""

    pulse: str = ""  # the fragment that is to run again
    wait: float = 0.0  # s until then; 0: all is whole
    scene: str = ""  # the newest picture

    def take(self, message: ForwardMsg) -> bool:
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "bidi_component":
                component = element.bidi_component
                if component.component_name.endswith("ravine_pulse"):
                    self.pulse, self.wait = message.delta.fragment_id, json.loads(component.json)["wait"] / 1000
                elif component.component_name.endswith("ravine_scene"):
                    self.scene = component.json
        return super().take(message)


async def settle(client: NetsClient, waits: Waits, sent: float, before: str, until: float) -> str:
    """Look again as the page does until all is whole, or the time is over: "whole", "overtaken", "lost"."""
    seen = False
    while True:
        now = time.perf_counter()
        if not seen and client.scene and client.scene != before:
            seen = True
            waits.picture.append(now - sent)
        if not client.wait:
            return "whole"
        if now - sent > LONGEST:
            return "lost"
        if now > until:
            return "overtaken"
        await asyncio.sleep(client.wait)
        began = time.perf_counter()
        await client.run(client.pulse)
        waits.pulses.append(time.perf_counter() - began)


async def visit(number: int, options: argparse.Namespace, stop: float, waits: Waits) -> None:
    parts = urlsplit(options.url + options.path.format(number))
    chance = random.Random(number)
    try:
        began = time.perf_counter()
        async with connect(
            f"ws://{parts.netloc}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=PATIENCE,
        ) as socket:
            client = NetsClient(socket, parts.path.strip("/"), parts.query, LABEL, waits.tally)
            await client.run()
            waits.tally.first.append(time.perf_counter() - began)
            end = await settle(client, Waits(waits.tally), began, "", float("inf"))
            waits.lost += end == "lost"
            if end == "whole":
                waits.opened.append(time.perf_counter() - began)
            due = max(stop - options.seconds, time.perf_counter()) + chance.uniform(0, options.every)
            while due < stop:
                await asyncio.sleep(max(0, due - time.perf_counter()))
                due = max(due, time.perf_counter()) + options.every
                before, fragment, sent = client.scene, client.turn(chance), time.perf_counter()
                await client.run(fragment)
                waits.tally.moves.append(time.perf_counter() - sent)
                end = await settle(client, waits, sent, before, due if options.impatient else float("inf"))
                if end == "whole":
                    waits.whole.append(time.perf_counter() - sent)
                waits.overtaken += end == "overtaken"
                waits.lost += end == "lost"
    except Exception as error:  # noqa: BLE001 - whatever ends a visitor is a result
        waits.tally.errors.append(f"{type(error).__name__}: {error}")


async def measure(options: argparse.Namespace, server: psutil.Process) -> tuple[Tally, Tally, Waits, list[float]]:
    """The race alone, the race beside the nets, the nets, and MB in memory: before, beside and after."""
    race = argparse.Namespace(url=options.url, path="/", label=LABEL, seconds=options.seconds, every=options.race_every)
    now = time.perf_counter
    await asyncio.gather(visit_race(0, argparse.Namespace(**vars(race) | {"seconds": 0}), 0, Tally()), visit(0, options, 0, Waits()))
    quiet, beside, waits = Tally(), Tally(), Waits()
    stop = now() + 2 + options.seconds
    await asyncio.gather(*(visit_race(number, race, stop, quiet) for number in range(1, options.race_clients + 1)))
    memory = [resident(server)]
    stop = now() + options.settle + options.seconds
    await asyncio.gather(
        *(visit_race(number, race, stop, beside) for number in range(1, options.race_clients + 1)),
        *(visit(number, options, stop, waits) for number in range(1, options.clients + 1)),
    )
    memory.append(resident(server))
    await asyncio.sleep(10)  # sessions end, and with them what nobody waits for
    return quiet, beside, waits, [*memory, resident(server)]


def row(name: str, seconds: list[float]) -> None:
    p50, p95, worst = np.percentile(seconds, (50, 95, 100)) * 1000 if seconds else [float("nan")] * 3
    print(f"{name:42} {len(seconds):5} times   p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   max {worst:6.0f} ms")


def report(options: argparse.Namespace, quiet: Tally, beside: Tally, waits: Waits, memory: list[float]) -> None:
    print(f"{options.clients} visitors on {options.path}, a move every {options.every:g} s for {options.seconds:g} s")
    print(f"{options.race_clients} on the race, a move every {options.race_every:g} s")
    row("race, alone: slider to answer", quiet.moves)
    row("race, beside the nets: slider to answer", beside.moves)
    row("nets: first run", waits.tally.first)
    row("nets: opened until all is whole", waits.opened)
    row("nets: slider to the end of the first run", waits.tally.moves)
    row("nets: slider to the first new picture", waits.picture)
    row("nets: slider until all is whole", waits.whole)
    row("nets: one look again", waits.pulses)
    print(f"overtaken by the next move {waits.overtaken}, never came {waits.lost}")
    print("memory     " + ", ".join(f"{mb:.0f} MB {when}" for mb, when in zip(memory, ("before", "beside", "10 s after"), strict=True)))
    errors = quiet.errors + beside.errors + waits.tally.errors
    print(f"errors     {len(errors)}")
    for text in sorted(set(errors))[:5]:
        print(f"           {errors.count(text)} x {text[:200]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running app; without it, app.py is started")
    parser.add_argument("--path", default="/nets?seed={}", help="the nets page and its query; {} is the visitor's number")
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--race-clients", type=int, default=2)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between moves on the nets page")
    parser.add_argument("--race-every", type=float, default=1.0, help="seconds between moves on the race")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--settle", type=float, default=10.0, help="seconds for all first trainings, before moves count")
    parser.add_argument("--impatient", action="store_true", help="the next move does not wait until the last one's answer is whole")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        if options.url:
            server = listener(urlsplit(options.url).port or 80)
        else:
            own = stack.enter_context(Server())
            own.wait()
            options.url, server = own.url, psutil.Process(own.process.pid)
        report(options, *asyncio.run(measure(options, server)))


if __name__ == "__main__":
    main()
