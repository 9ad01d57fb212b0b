"""The versions of one model over time: what each prints, beside what its inputs give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wattworth.gap.arithmetic import Arithmetic, arithmetic
from wattworth.gap.inputs import lay_out
from wattworth.gap.reading import model_names, read_model
from wattworth.gap.schema import Printed


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a model.

    Attributes
    ----------
    model, title, published
        Which.
    computed
        The arithmetic of its inputs; None where a part is missing.
    printed
        Figure to its value as printed, those that are: GW, and a fraction for ``share``.
    missing
        Part or source to why it is missing.
    """

    model: str
    title: str
    published: str | None
    computed: Arithmetic
    printed: Mapping[str, float]
    missing: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """The version as plain mappings and numbers."""
        return asdict(self)


def versions(series: str = "morgan-stanley") -> tuple[Version, ...]:
    """Every packaged version of a model, oldest first; none if no model is of the series."""
    models = [model for name in model_names() if (model := read_model(name)).series == series]
    out: list[Version] = []
    for model in sorted(models, key=lambda model: model.published or ""):
        layout = lay_out(model)
        figures = [(name, getattr(model.printed, name)) for name in Printed.model_fields] if model.printed else []
        printed = {name: figure.value for name, figure in figures if figure is not None}
        out.append(Version(model.name, model.title, model.published, arithmetic(layout), printed, dict(layout.missing)))
    return tuple(out)
