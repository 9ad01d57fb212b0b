"""The networks of the package: how each kind of megawatt comes to its first rent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from wattworth.errors import Fault, StudyError
from wattworth.study import Part, Site
from wattworth.study.gate_files import GateRow
from wattworth.timeline.network import Gate, Network, network

CAUSES: Final = ("customers", "money", "building", "utility", "equipment", "engines", "gas", "permits", "chips")
"""What gates of different sites share: one market of customers, of transformers, of crews."""

LOAD_STUDIES: Final = {
    "ERCOT": "gate.load_study_ercot",
    "PJM": "gate.load_study_pjm",
    "MISO": "gate.load_study_miso",
    "SPP": "gate.load_study_spp",
    "NYISO": "gate.load_study_nyiso",
    "SERC": "gate.load_study_serc",
    "CAISO": "gate.load_study_caiso",
}
"""Grid to the fact with the duration of its study of a large load."""

OTHER_STUDY: Final = "gate.load_study_other"


def _customer(shell: str) -> tuple[Gate, ...]:
    """A tenant is found, the hall is paid for and built."""
    return (
        Gate("lease_signing", "clock.lease_marketing", cause="customers"),
        Gate("financing", "gate.financing", ("lease_signing",), fails="gate_fails.financing", cause="money"),
        Gate("shell", shell, ("financing",), fails="gate_fails.building", cause="building"),
        Gate("fit_out", "gate.fit_out", ("shell",), cause="building"),
    )


def _commissioning(after: str) -> Gate:
    return Gate("commissioning", "gate.hall_commissioning", (after,), cause="building")


def _tie_in(after: str) -> Gate:
    """Behind the connection: what of fit-out and commissioning waits for power."""
    return Gate("tie_in", "clock.fit_out_after_power", (after,), cause="building")


def _works(*after: str) -> tuple[Gate, ...]:
    """Line and substation once there is an agreement; the long-lead equipment is ordered at once, at risk."""
    return (
        Gate("utility_works", "gate.utility_works", after, fails="gate_fails.utility_works", cause="utility"),
        Gate("transformer", "gate.transformer", fails="gate_fails.equipment_slot", cause="equipment"),
        Gate("switchgear", "gate.switchgear", cause="equipment"),
        Gate("energise", "gate.energise", ("utility_works", "transformer", "switchgear"), cause="utility"),
    )


def _queue(study: str) -> tuple[Gate, ...]:
    return (
        Gate("load_study", study, cause="utility"),
        Gate(
            "agreement",
            "gate.interconnection_agreement",
            ("load_study",),
            fails="gate_fails.interconnection_agreement",
            cause="utility",
        ),
        *_works("agreement"),
    )


_NEW: Final = _customer("gate.shell_new")
_NEW_AT_ANY_SITE: Final = (
    Gate("lease_signing", "clock.lease_marketing", opens="success.undeveloped", cause="customers"),
    *_NEW[1:],
)
"""A lease as likely as on any undeveloped site, while the power is what is in doubt."""


def _in_study(study: str) -> Network:
    gates = (*_NEW_AT_ANY_SITE, *_queue(study), _commissioning("fit_out"), _tie_in("energise"))
    return network("study", gates, rest="load_study")


def _dated(name: str, customer: tuple[Gate, ...], rest: str) -> Network:
    power = Gate("power", "clock.grid_connection_load_us", cause="utility", dated="power")
    return network(name, (*customer, power, _commissioning("fit_out"), _tie_in("power")), rest=rest)


NETWORKS: Final[Mapping[str, Network]] = {
    "energised": network(
        "energised", (*_customer("gate.shell_on_mine"), _commissioning("fit_out")), rest="lease_signing"
    ),
    "construction": network(
        "construction",
        (
            *_NEW,
            Gate("power", "clock.construction_remaining", cause="utility", dated="power"),
            _commissioning("fit_out"),
            _tie_in("power"),
        ),
        rest="lease_signing",
    ),
    "secured": network(
        "secured", (*_NEW, *_works(), _commissioning("fit_out"), _tie_in("energise")), rest="lease_signing"
    ),
    "dated": _dated("dated", _NEW, rest="lease_signing"),
    "study dated": _dated("study dated", _NEW_AT_ANY_SITE, rest="power"),
    "leased": network(
        "leased",
        (Gate("delivery", "clock.lease_signing_to_first_revenue", cause="building", dated="lease_start"),),
        rest="delivery",
    ),
    **{f"study {iso}": _in_study(key) for iso, key in LOAD_STUDIES.items()},
    "study": _in_study(OTHER_STUDY),
}
"""Networks by kind of megawatt."""

POWER_GATES: Final = ("power", "energise")
"""Gates with which power is there; a network without any has it already."""

HALL_GATES: Final = ("shell", "fit_out", "commissioning")
"""Gates through which a hall is built, one after the other."""


def kind_of(site: Site, part: Part) -> str:
    """Name of the network of a part."""
    if part.state in ("leased", "energised", "construction"):
        return part.state
    if part.stage == "secured":
        return "secured" if part.energised_date is None else "dated"
    if part.energised_date is not None:
        return "study dated"
    return f"study {site.iso}" if site.iso in LOAD_STUDIES else "study"


def own_networks(
    rows: Sequence[GateRow],
) -> tuple[tuple[tuple[str, str, Network], ...], dict[str, GateRow]]:
    """Networks of a study's own gates.

    Parameters
    ----------
    rows
        In the order of their files.

    Returns
    -------
    tuple
        Kind, glob and network, those for some sites before those for all; and the row behind the key of each duration.

    Raises
    ------
    StudyError
        With every fault of every network, each with the place of its row.
    """
    grouped: dict[tuple[str, str], list[GateRow]] = {}
    for row in rows:
        grouped.setdefault((row.network, row.site), []).append(row)
    out: list[tuple[str, str, Network]] = []
    faults: list[Fault] = []
    behind: dict[str, GateRow] = {}
    for (kind, glob), own in grouped.items():
        keys = {row.gate: f"gates.{kind}.{glob}.{row.gate}" for row in own}
        behind |= {keys[row.gate]: row for row in own}
        rest = [row.gate for row in own if row.rest]
        faults += [
            Fault(row.where, f'rest is "{rest[0]}" already; one gate takes it')
            for row in own[1:]
            if row.rest and row.gate != rest[0]
        ]
        gates = [
            Gate(
                row.gate,
                keys[row.gate],
                row.waits_for,
                f"{keys[row.gate]}.fails",
                cause=row.cause,
                dated=_dated_by(row),
            )
            for row in own
        ]
        try:
            out.append(
                (kind, glob, network(kind, gates, rest[0] if rest else None, {row.gate: row.where for row in own}))
            )
        except StudyError as error:
            faults += error.faults
    if faults:
        raise StudyError(faults)
    return tuple(sorted(out, key=lambda entry: entry[1] == "*")), behind


def _dated_by(row: GateRow) -> str:
    """A gate called as one of the package that takes a stated date takes it too."""
    return {"power": "power", "delivery": "lease_start"}.get(row.gate, "")


def fact_keys() -> tuple[str, ...]:
    """Facts behind the networks, each once."""
    keys = (key for graph in NETWORKS.values() for gate in graph.gates for key in (gate.months, gate.fails, gate.opens))
    return tuple(dict.fromkeys(key for key in keys if key is not None))
