"""Surplus gas: uses and their netbacks, the network, and the allocation worth most within the limits that are real."""

from wattworth.gas.allocation import Allocation, allocate
from wattworth.gas.bridge import Bridge, bridge_of
from wattworth.gas.netback import Netback, netback
from wattworth.gas.network import problem_of
from wattworth.gas.plant import GasUse, Plant
from wattworth.gas.reading import GasStudy, is_gas_study, read_gas_study, study_names
from wattworth.gas.run import GasRun, document_of, run_gas
from wattworth.gas.survey import facts_of, survey
from wattworth.gas.templates import gas_workbook, write_gas_template
from wattworth.gas.uses import USES

__all__ = [
    "USES",
    "Allocation",
    "Bridge",
    "GasRun",
    "GasStudy",
    "GasUse",
    "Netback",
    "Plant",
    "allocate",
    "bridge_of",
    "document_of",
    "facts_of",
    "gas_workbook",
    "is_gas_study",
    "netback",
    "problem_of",
    "read_gas_study",
    "run_gas",
    "study_names",
    "survey",
    "write_gas_template",
]
