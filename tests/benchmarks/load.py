"""How does the server answer when a class turns sliders? Websocket clients that speak Streamlit's protocol, without a browser.

Each client opens the page, then turns one slider every few seconds: it sends the same message as the browser would, a rerun of the
slider's fragment, and measures the time until the server says that the run is over. Prints and never asserts.

    python -m tests.benchmarks.load                                      # starts the app itself
    python -m tests.benchmarks.load --url http://127.0.0.1:8501 --clients 60 --label "learning rate"
"""

import argparse
import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.tools.serve import ROOT, Server

CACHE_AGE = 2  # the browser keeps a large message for so many runs, and says which it has (global.maxCachedMessageAge)
PATIENCE = 60  # s for one answer


@dataclass
class Tally:
    """What all clients saw."""

    first: list[float] = field(default_factory=list)  # s, from connecting to the end of the first run
    moves: list[float] = field(default_factory=list)  # s, from sending a slider's value to the end of the run
    bytes: list[int] = field(default_factory=list)  # received per move, before compression
    errors: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)


@dataclass
class Client:
    """One visitor: the widgets on the page as the server described them, and the values set so far."""

    socket: ClientConnection
    name: str  # the page's, "" for the first
    query: str
    label: str
    tally: Tally
    page: str = ""
    sliders: dict[str, tuple[Slider, str]] = field(default_factory=dict)  # id -> the slider, its fragment
    values: dict[str, WidgetState] = field(default_factory=dict)
    cached: dict[str, int] = field(default_factory=dict)  # hash -> the run that used it last
    runs: int = 0

    async def run(self, fragment: str = "") -> int:
        """Ask for a run and take in what it sends; return its size in bytes."""
        self.runs += 1
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id = self.query, fragment
        state.page_script_hash, state.page_name = self.page, "" if self.page else self.name
        state.widget_states.widgets.extend(self.values.values())
        self.cached = {key: run for key, run in self.cached.items() if self.runs - run <= CACHE_AGE}
        state.cached_message_hashes.extend(self.cached)
        await self.socket.send(message.SerializeToString())
        size = 0
        while True:
            data = await asyncio.wait_for(self.socket.recv(decode=False), PATIENCE)
            size += len(data)
            if self.take(ForwardMsg.FromString(data)):
                return size

    def take(self, message: ForwardMsg) -> bool:
        """Remember what a message says; true when it ends the run."""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.cached[message.hash] = self.runs
        if kind == "ref_hash":
            if message.ref_hash not in self.cached:
                self.tally.errors.append("the server referred to a message that the client does not have")
            self.cached[message.ref_hash] = self.runs
        elif kind == "new_session":
            self.page = message.new_session.page_script_hash
        elif kind == "page_not_found":
            self.tally.errors.append("page not found")
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "slider" and not element.slider.disabled:
                self.sliders[element.slider.id] = element.slider, message.delta.fragment_id
            elif element.WhichOneof("type") == "exception":
                self.tally.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.tally.errors.append("the script does not compile")
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def turn(self, chance: random.Random) -> str:
        """Set the slider to another of its values, as the browser would; return its fragment."""
        able = [pair for pair in self.sliders.values() if self.label.lower() in pair[0].label.lower()]
        # prefer a slider in a fragment: that is where a page's controls are
        slider, fragment = next((pair for pair in able if pair[1]), able[0])
        self.tally.labels.add(slider.label)
        state = WidgetState(id=slider.id)
        if slider.type == Slider.SELECT_SLIDER:
            shown = chance.choice(list(slider.options))
            state.string_array_value.data.append(shown)
        else:
            steps = max(1, round((slider.max - slider.min) / (slider.step or 1)))
            value = min(slider.max, slider.min + slider.step * chance.randint(0, steps))
            state.double_array_value.data.append(value)
            shown = str(int(value)) if slider.data_type == Slider.INT else repr(round(value, 12))
        self.values[slider.id] = state
        if slider.query_param_key:
            self.query = urlencode(dict(parse_qsl(self.query)) | {slider.query_param_key: shown})
        return fragment


async def visit(number: int, options: argparse.Namespace, stop: float, tally: Tally) -> None:
    parts = urlsplit(options.url + options.path)
    address = f"ws://{parts.netloc}/_stcore/stream"
    chance = random.Random(number)
    try:
        began = time.perf_counter()
        async with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE) as socket:  # type: ignore[list-item]
            client = Client(socket, parts.path.strip("/"), parts.query, options.label, tally)
            await client.run()
            tally.first.append(time.perf_counter() - began)
            if not any(options.label.lower() in slider.label.lower() for slider, _ in client.sliders.values()):
                shown = sorted(slider.label for slider, _ in client.sliders.values())
                raise RuntimeError(f"no slider named {options.label!r} on the page; it has {shown}")
            # visitors do not act in step with each other: each starts somewhere in the first period
            due = stop - options.seconds + chance.uniform(0, options.every)
            while due < stop:
                await asyncio.sleep(max(0, due - time.perf_counter()))
                due = max(due, time.perf_counter()) + options.every
                fragment = client.turn(chance)
                sent = time.perf_counter()
                size = await client.run(fragment)
                tally.moves.append(time.perf_counter() - sent)
                tally.bytes.append(size)
    except Exception as error:  # noqa: BLE001 - whatever ends a visitor is a result
        tally.errors.append(f"{type(error).__name__}: {error}")


def resident(process: psutil.Process) -> float:
    """MB in memory, of the server and its children."""
    return float(sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))) / 2**20


def listener(port: int) -> psutil.Process:
    """The process that serves a port of this machine."""
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
            return psutil.Process(connection.pid)
    raise RuntimeError(f"nobody listens on port {port} of this machine")


async def measure(options: argparse.Namespace, server: psutil.Process) -> tuple[Tally, np.ndarray]:
    tally = Tally()
    await visit(0, argparse.Namespace(**vars(options) | {"seconds": 0}), 0, tally)  # one warm visit, apart from the count
    tally = Tally(errors=tally.errors)
    start = time.perf_counter()
    stop = start + options.settle + options.seconds
    samples: list[tuple[float, float]] = []

    async def watch() -> None:
        while True:
            samples.append((time.perf_counter() - start, resident(server)))
            await asyncio.sleep(0.5)

    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(visit(number, options, stop, tally) for number in range(1, options.clients + 1)))
    watcher.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watcher
    return tally, np.array(samples)


def report(options: argparse.Namespace, tally: Tally, samples: np.ndarray) -> None:
    print(f"{options.clients} clients, one move of {sorted(tally.labels)} every {options.every:g} s for {options.seconds:g} s")
    for name, values in (("first run", tally.first), ("move", tally.moves)):
        if values:
            p50, p95, worst = np.percentile(values, (50, 95, 100)) * 1000
            print(f"{name:10} {len(values):5} times   p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   max {worst:6.0f} ms")
    if tally.bytes:
        print(f"bytes      {np.median(tally.bytes) / 1000:.1f} KB a move (median, uncompressed)")
    time_s, rss = samples.T
    steady = time_s > options.settle + options.seconds / 3  # the first third fills caches
    slope = np.polyfit(time_s[steady], rss[steady], 1)[0] * 60 if steady.sum() > 2 else float("nan")
    print(f"memory     {rss[0]:.0f} MB before, {rss[-1]:.0f} MB after, {slope:+.1f} MB a minute in the last two thirds")
    print(f"errors     {len(tally.errors)}")
    for text in sorted(set(tally.errors))[:5]:
        print(f"           {tally.errors.count(text)} x {text[:200]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running app; without it, app.py is started")
    parser.add_argument("--app", type=Path, default=ROOT / "app.py", help="the script to start")
    parser.add_argument("--path", default="/", help="the page and its query, such as /?landscape=beale")
    parser.add_argument("--label", default="", help="part of the slider's label; default: the first slider in a fragment")
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between a client's moves")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--settle", type=float, default=5.0, help="seconds for all first runs, before moves count")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        if options.url:
            server = listener(urlsplit(options.url).port or 80)
        else:
            own = stack.enter_context(Server(options.app.resolve()))
            own.wait()
            options.url, server = own.url, psutil.Process(own.process.pid)
        report(options, *asyncio.run(measure(options, server)))


if __name__ == "__main__":
    main()
