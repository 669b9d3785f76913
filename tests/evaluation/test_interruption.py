"""Long work that is interrupted, and started again: what was finished is not done again, and nothing else comes out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.calibration.calibration import Effort, calibrate
from sim.calibration.smc import Sampler, SamplerRun
from sim.errors import Interrupted
from sim.evaluation.model_comparison import ModelComparison, compare
from sim.evaluation.scoring import Score, score
from sim.results.tables import encoded
from sim.scenario import posterior
from sim.scenario.scenario import Scenario
from tests.evaluation.test_model_comparison import divided

SEED, PARTICLES = 1, 40


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the sampler's runs that are begun, as they are."""
    begun: list[int] = []
    run = Sampler.run

    def counted(sampler: Sampler) -> SamplerRun:
        begun.append(sampler.number)
        return run(sampler)

    monkeypatch.setattr(Sampler, "run", counted)
    return begun


def stop(percent: float) -> None:
    """The user stops the work when two thirds of it are done."""
    if percent > 67:
        raise KeyboardInterrupt


def content(result: Score | ModelComparison) -> list[bytes]:
    """All that a result leaves."""
    return [*map(encoded, result.tables.values()), *result.files.values()]


@pytest.mark.parametrize(("work", "fits"), [(score, 4), (compare, 39)])
def test_work_that_is_started_again_goes_on_from_what_was_finished(
    work: Callable[[Scenario, int, Effort], Score | ModelComparison], fits: int, sampled: list[int], tmp_path: Path
) -> None:
    """Every run of the sampler is begun once, but for those that were stopped; the results are those of one go."""
    folder = tmp_path / "unfinished" / "this work"
    whole = work(divided(), SEED, Effort(PARTICLES, 2, unfinished=tmp_path / "whole"))
    every = len(list((tmp_path / "whole").iterdir()))
    shutil.rmtree(tmp_path / "whole")
    with pytest.raises(Interrupted, match=rf"stopped after \d+ of {fits} fits"):
        work(divided(), SEED, Effort(PARTICLES, 2, report=stop, unfinished=folder))
    finished = len(list(folder.iterdir()))
    assert 0 < finished < every
    sampled.clear()
    effort = Effort(PARTICLES, 2, unfinished=folder)
    resumed = work(divided(), SEED, effort)
    assert len(sampled) == every - finished
    assert content(resumed) == content(whole)
    effort.delete()
    assert list(tmp_path.iterdir()) == []


def test_a_single_fit_goes_on_too_and_has_the_same_particles(sampled: list[int], tmp_path: Path) -> None:
    """What is kept is each independent run; another seed uses none of them."""
    whole = calibrate(divided(), SEED, Effort(PARTICLES, 4))
    with pytest.raises(Interrupted, match=r"stopped after \d+ of 100 per cent"):
        calibrate(divided(), SEED, Effort(PARTICLES, 4, workers=1, report=stop, unfinished=tmp_path))
    sampled.clear()
    resumed = calibrate(divided(), SEED, Effort(PARTICLES, 4, unfinished=tmp_path))
    assert 0 < len(sampled) < 4
    assert posterior.netcdf(resumed.particles()) == posterior.netcdf(whole.particles())
    sampled.clear()
    calibrate(divided(), SEED + 1, Effort(PARTICLES, 4, unfinished=tmp_path))
    assert sorted(sampled) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "forged",
    [
        {"points": np.zeros((3, 3))}, {"noise": np.zeros(PARTICLES)}, {"log_evidence": np.array(np.nan)},
        {"distinct": np.array(0)}, {"schedule": np.zeros(3)}, {"more": np.zeros(3)},
    ],
    ids=lambda forged: next(iter(forged)),
)  # fmt: skip
def test_a_run_that_cannot_be_of_the_sampler_is_made_again(
    sampled: list[int], tmp_path: Path, forged: dict[str, np.ndarray]
) -> None:
    """A kept file with other names, types, shapes or bounds than a run has counts as none."""
    whole = calibrate(divided(), SEED, Effort(PARTICLES, 1, unfinished=tmp_path))
    (path,) = tmp_path.iterdir()
    with np.load(path) as found:
        arrays: dict[str, Any] = {**found, **forged}
    np.savez(path, **arrays)
    sampled.clear()
    again = calibrate(divided(), SEED, Effort(PARTICLES, 1, unfinished=tmp_path))
    assert sampled == [0]
    assert posterior.netcdf(again.particles()) == posterior.netcdf(whole.particles())
