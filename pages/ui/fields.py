"""The fields that an address is made of: how each is written, and read back. A reader raises ValueError with the reason."""

import math
from collections.abc import Callable, Mapping
from typing import Any


def finite(text: str) -> float:
    """A finite float. Raises ValueError otherwise."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError("not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{text} is not finite")
    return number


def numbers(count: int) -> Callable[[str], list[float]]:
    def read(text: str) -> list[float]:
        values = [finite(part) for part in text.split("_")]
        if len(values) != count:
            raise ValueError(f"{count} numbers expected")
        return values

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.lstrip("-").isdecimal():
            raise ValueError("not a whole number")
        return int(within(int(text), low, high))

    return read


def choice(*options: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in options:
            raise ValueError(f"one of {', '.join(options)} expected" if len(options) < 8 else "there is none of that name")
        return text

    return read


def switch(text: str) -> bool:
    return choice("0", "1")(text) == "1"


def read_point(text: str) -> tuple[float, float]:
    parts = text.split("~")
    if len(parts) != 2:
        raise ValueError("2 numbers expected")
    return finite(parts[0]), finite(parts[1])


def read_pairs(text: str) -> dict[str, str]:
    parts = text.split("~")
    if len(parts) % 2:
        raise ValueError("names and values do not pair up")
    return dict(zip(parts[::2], parts[1::2], strict=True))


def joined(values: Mapping[str, Any]) -> str:
    return "~".join(f"{key}~{written(value)}" for key, value in values.items())


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return "_".join(written(part) for part in value)
    return repr(value) if isinstance(value, float) else str(value)


def within(value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise ValueError(f"it is outside {low:g} to {high:g}")
    return value


def short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
