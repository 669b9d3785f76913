"""A fit in the form that ArviZ reads: InferenceData, as groups of labelled arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.calibration import CalibrationError, Fit
from sim.calibration.posterior_summary import Learnt
from sim.scenario.identities import FIRST_STANCE, PARAMETER

if TYPE_CHECKING:
    import xarray


def inference_data(fit: Fit) -> xarray.DataTree:
    """The groups posterior, prior, log_likelihood and sample_stats of InferenceData; islands stand for chains.

    posterior, prior: `parameter` and `first_stance` by name, in the units of each. log_likelihood: by datum, with the
    luck that is part of a particle. Particles are no chain: they have no order in time.
    """
    import xarray

    learned = Learnt(fit)
    islands, particles = fit.shares.shape[1:]
    labels = {"chain": np.arange(islands), "draw": np.arange(particles)}

    def named(values: np.ndarray) -> xarray.Dataset:
        """Values (coordinates, chain, draw) as two variables."""
        kinds = {"parameter": PARAMETER, "first_stance": FIRST_STANCE}
        rows = {
            kind: [k for k, (purpose, _) in enumerate(fit.coordinates) if purpose == wanted]
            for kind, wanted in kinds.items()
        }
        chosen = {"chain": np.arange(values.shape[1]), "draw": np.arange(values.shape[2])}
        names = {f"{kind}_name": [fit.coordinates[k][1] for k in found] for kind, found in rows.items()}
        return xarray.Dataset(
            {
                kind: (("chain", "draw", f"{kind}_name"), values[found].transpose(1, 2, 0))
                for kind, found in rows.items()
            },
            coords={**chosen, **names},
        )

    likelihood = xarray.Dataset(
        {"record": (("chain", "draw", "datum"), fit.terms.transpose(1, 2, 0))},
        coords={**labels, "datum": list(fit.record.names)},
    )
    total = xarray.Dataset({"log_likelihood": (("chain", "draw"), fit.terms.sum(axis=0))}, coords=labels)
    about = {"scenario": fit.scenario.name, "digest": fit.scenario.digest, "log_evidence": fit.log_evidence}
    return xarray.DataTree.from_dict(
        {
            "/": xarray.Dataset(attrs={**about, "log_evidence_error": fit.error}),
            "posterior": named(learned.values),
            "prior": named(learned.prior[:, None, :]),
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
