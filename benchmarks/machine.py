"""The machine: its name, and the most that one core's arithmetic can do."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray

PACKAGES = ("numpy", "numba", "llvmlite", "mesa", "agentpy", "ndlib", "scipy", "pandas")

#: Numbers in the first cache, and multiply-adds on each: in four independent chains, more than a core keeps in flight.
NUMBERS, CHAINS, LENGTH = 512, 4, 16


def processor() -> str:
    """The processor's model."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def description() -> dict[str, str]:
    """What the numbers were measured on, and when."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "load before": load,
    }


@numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})
def multiply_and_add(numbers: NDArray[np.float64], times: int) -> float:
    """Fused multiply-adds on numbers that stay in the first cache: CHAINS * LENGTH a number and time."""
    out = np.zeros(numbers.size)
    a, b, c, d = 0.999, 0.998, 0.997, 0.996
    for _ in range(times):
        for lane in range(numbers.size):
            x = numbers[lane]
            p, q, r, s = a, b, c, d
            # Four polynomials by Horner's rule, written out so that lanes are the innermost loop.
            p, q, r, s = p * x + a, q * x + b, r * x + c, s * x + d
            p, q, r, s = p * x + b, q * x + c, r * x + d, s * x + a
            p, q, r, s = p * x + c, q * x + d, r * x + a, s * x + b
            p, q, r, s = p * x + d, q * x + a, r * x + b, s * x + c
            p, q, r, s = p * x + a, q * x + b, r * x + c, s * x + d
            p, q, r, s = p * x + b, q * x + c, r * x + d, s * x + a
            p, q, r, s = p * x + c, q * x + d, r * x + a, s * x + b
            p, q, r, s = p * x + d, q * x + a, r * x + b, s * x + c
            p, q, r, s = p * x + a, q * x + b, r * x + c, s * x + d
            p, q, r, s = p * x + b, q * x + c, r * x + d, s * x + a
            p, q, r, s = p * x + c, q * x + d, r * x + a, s * x + b
            p, q, r, s = p * x + d, q * x + a, r * x + b, s * x + c
            p, q, r, s = p * x + a, q * x + b, r * x + c, s * x + d
            p, q, r, s = p * x + b, q * x + c, r * x + d, s * x + a
            p, q, r, s = p * x + c, q * x + d, r * x + a, s * x + b
            p, q, r, s = p * x + d, q * x + a, r * x + b, s * x + c
            out[lane] += (p + q) + (r + s)
    return out.sum()


def flop(times: int) -> float:
    """The operations of `multiply_and_add`, a multiply-add being two."""
    return 2.0 * CHAINS * LENGTH * NUMBERS * times


def numbers() -> NDArray[np.float64]:
    """What it is done on."""
    return np.linspace(0.1, 0.9, NUMBERS)
