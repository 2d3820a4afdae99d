"""What experiments with racers have in common, whatever the racers descend."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    from pages.ui.experiment import Racer


class Racing:
    """Of frozen dataclasses with the fields `racers` and `selected`, the slot whose controls are open."""

    if TYPE_CHECKING:

        @property
        def racers(self) -> "tuple[Racer, ...]": ...

    def racer(self, slot: int) -> "Racer | None":
        return next((racer for racer in self.racers if racer.slot == slot), None)

    def called(self, racer: "Racer") -> str:
        """Its name, with what tells it from another of the same name."""
        twins = sum(other.name == racer.name for other in self.racers) > 1
        return f"{racer.name} {racer.detail_among(self.racers)}" if twins else racer.name

    def with_racer(self, racer: "Racer") -> Self:
        """The racer of that slot replaced, or added at the end."""
        if self.racer(racer.slot) is None:
            return self._having(racers=(*self.racers, racer), selected=racer.slot)
        return self._having(racers=tuple(racer if old.slot == racer.slot else old for old in self.racers))

    def without(self, slot: int) -> Self:
        left = tuple(racer for racer in self.racers if racer.slot != slot)
        return self._having(racers=left, selected=left[0].slot if left else 0)

    def _having(self, **fields: Any) -> Self:
        return cast(Self, replace(cast(Any, self), **fields))
