"""A fit in the form that ArviZ reads: InferenceData, as groups of labelled arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.calibration import CalibrationError, Fit
from sim.model.array_types import Floats
from sim.results.folder import whole
from sim.scenario.posterior import PARAMETER

if TYPE_CHECKING:
    import xarray


def inference_data(fit: Fit) -> xarray.DataTree:
    """The groups posterior, prior, log_likelihood and sample_stats of InferenceData; independent runs stand for chains.

    posterior, prior: `parameter` and `first_stance` by name, in the units of each. log_likelihood: by datum, with the
    random numbers that are part of a particle. Particles are not a chain: they have no order in time.
    """
    import xarray

    labels = {"chain": range(fit.settings["independent_runs"]), "draw": range(fit.settings["particles"])}
    likelihood = xarray.Dataset(
        {"record": (("chain", "draw", "datum"), fit.terms.transpose(1, 2, 0))},
        coords={**labels, "datum": list(fit.record.names)},
    )
    total = xarray.Dataset({"log_likelihood": (("chain", "draw"), fit.terms.sum(axis=0))}, coords=labels)
    about = {"scenario": fit.prior.name, "digest": fit.prior.digest, "log_evidence": fit.log_evidence}
    return xarray.DataTree.from_dict(
        {
            "/": xarray.Dataset(attrs={**about, "log_evidence_error": fit.error}),
            "posterior": _by_name(fit, fit.summary.values),
            "prior": _by_name(fit, fit.summary.prior[:, None, :]),
            "log_likelihood": likelihood,
            "sample_stats": total,
        }
    )


def _by_name(fit: Fit, values: Floats) -> xarray.Dataset:
    """Values (coordinates, chain, draw) as the variables `parameter` and `first_stance`."""
    import xarray

    chains, draws = (range(size) for size in values.shape[1:])
    coords = {"name": [name for _, name in fit.coordinates], "chain": chains, "draw": draws}
    every = xarray.DataArray(values, coords, ("name", "chain", "draw")).transpose("chain", "draw", "name")
    is_parameter = np.array([purpose == PARAMETER for purpose, _ in fit.coordinates])
    kinds = {"parameter": is_parameter, "first_stance": ~is_parameter}
    return xarray.Dataset({kind: every[..., which].rename(name=f"{kind}_name") for kind, which in kinds.items()})


def save(fit: Fit, path: Path) -> None:
    """Writes InferenceData as NetCDF 4. Raises CalibrationError without the package that writes it."""
    try:
        import h5netcdf  # noqa: F401
    except ImportError:
        raise CalibrationError("InferenceData needs h5netcdf: pip install 'policy-debate-sim[calibrate]'") from None
    try:
        with whole(path) as file:
            inference_data(fit).to_netcdf(file.name, engine="h5netcdf")
    except OSError as error:
        raise CalibrationError(f"cannot write to {path}: {error.strerror or error}") from None
