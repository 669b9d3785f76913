"""A fit in the form that ArviZ reads: InferenceData, as groups of labelled arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.calibration import CalibrationError, Fit
from sim.scenario.identities import FIRST_STANCE, PARAMETER

if TYPE_CHECKING:
    import xarray


def inference_data(fit: Fit) -> xarray.DataTree:
    """The groups posterior, prior, log_likelihood and sample_stats of InferenceData; independent runs stand for chains.

    posterior, prior: `parameter` and `first_stance` by name, in the units of each. log_likelihood: by datum, with the
    random numbers that are part of a particle. Particles are not a chain: they have no order in time.
    """
    import xarray

    labels = {"chain": np.arange(fit.effort.independent_runs), "draw": np.arange(fit.effort.particles)}

    def named(values: np.ndarray) -> xarray.Dataset:
        """Values (coordinates, chain, draw) as two variables."""
        kinds = {"parameter": PARAMETER, "first_stance": FIRST_STANCE}
        rows = {
            kind: [k for k, (purpose, _) in enumerate(fit.coordinates) if purpose == of_kind]
            for kind, of_kind in kinds.items()
        }
        draws = {"chain": np.arange(values.shape[1]), "draw": np.arange(values.shape[2])}
        names = {f"{kind}_name": [fit.coordinates[k][1] for k in numbers] for kind, numbers in rows.items()}
        return xarray.Dataset(
            {
                kind: (("chain", "draw", f"{kind}_name"), values[numbers].transpose(1, 2, 0))
                for kind, numbers in rows.items()
            },
            coords={**draws, **names},
        )

    likelihood = xarray.Dataset(
        {"record": (("chain", "draw", "datum"), fit.terms.transpose(1, 2, 0))},
        coords={**labels, "datum": list(fit.record.names)},
    )
    total = xarray.Dataset({"log_likelihood": (("chain", "draw"), fit.terms.sum(axis=0))}, coords=labels)
    about = {"scenario": fit.prior.name, "digest": fit.prior.digest, "log_evidence": fit.log_evidence}
    return xarray.DataTree.from_dict(
        {
            "/": xarray.Dataset(attrs={**about, "log_evidence_error": fit.error}),
            "posterior": named(fit.summary.values),
            "prior": named(fit.summary.prior[:, None, :]),
            "log_likelihood": likelihood,
            "sample_stats": total,
        }
    )


def save(fit: Fit, path: Path) -> None:
    """Writes InferenceData as NetCDF 4. Raises CalibrationError without the package that writes it."""
    try:
        import h5netcdf  # noqa: F401
    except ImportError:
        raise CalibrationError("InferenceData needs h5netcdf: pip install 'policy-debate-sim[calibrate]'") from None
    try:
        inference_data(fit).to_netcdf(path, engine="h5netcdf")
    except OSError as error:
        raise CalibrationError(f"cannot write to {path}: {error.strerror or error}") from None
