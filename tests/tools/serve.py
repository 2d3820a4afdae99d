"""Start the app as its README does, wait until it answers, and stop it: for tests, benchmarks and the screenshot."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`streamlit run app.py` in a process of its own, while the `with` block lasts."""

    def __init__(self, app: Path = ROOT / "app.py", log: Path | None = None, env: dict[str, str] | None = None) -> None:
        self.log = log or Path(tempfile.mkdtemp(prefix="ravine-")) / "output.txt"
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        options = {"server.headless": "true", "server.port": str(port), "server.address": "127.0.0.1"}
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._output = self.log.open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", app.name, *flags],
            cwd=app.parent,
            env=os.environ | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def wait(self, seconds: float = 120) -> None:
        """Return when the server answers; raise with its output when it ends or stays silent."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            if answers(self.url):
                return
            time.sleep(0.05)
        raise RuntimeError(f"the app did not start:\n{self.tail()}")

    def tail(self, lines: int = 100) -> str:
        """The last lines that the app has printed."""
        text = re.sub(r"\x1b\[[\d;]*m", "", self.log.read_text(encoding="utf-8", errors="replace"))
        return "\n".join(text.splitlines()[-lines:])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._output.close()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False
