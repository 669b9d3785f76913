"""A posterior: particles that stand in place of random numbers where parameters and first stances are drawn."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.commands.main import rerun_differences
from sim.ensembles.executor import Executor
from sim.errors import ResultsError
from sim.model import priors, random_streams
from sim.model.arrays import arrays_of
from sim.model.transcript import play
from sim.results.posteriors import KEPT
from sim.results.saved import Saved
from sim.scenario import posterior
from sim.scenario.posterior import Particles, PosteriorError
from sim.scenario.scenario import Scenario, rebuild, with_posterior_of
from tests.debates import ballot, debate, played

SEED = random_streams.seed_words(1)


def uncertain() -> Scenario:
    """Three people of whom one is known, and an uncertain openness."""
    law = {"value": {"uniform": [0.2, 0.6]}, "range": [0, 1]}
    return debate(
        {"ann": {"uniform": [0, 1]}, "bob": {"uniform": [0.5, 1]}, "cat": 0.3},
        ballot("vote", 1, 0, 9),
        weeks=2,
        parameters={"openness": law},
    )


def particles(*shares: tuple[float, float]) -> Particles:
    """Particles that know the openness and ann's first stance."""
    return Particles.of(("openness",), ("ann",), np.array(shares).T, "somewhere")


def drawn(scenario: Scenario, number: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The openness, and the first stances of ann and bob, in the first draws."""
    laws, names = priors.of_debate(scenario.debate), arrays_of(scenario).names
    asked = np.arange(number, dtype=np.uint64)
    parameters, first = priors.of_draws(laws, random_streams.seed_words(seed), asked, posterior=scenario.posterior)
    return parameters[names.parameters.index("openness")], first[0], first[1]


def test_a_particle_says_how_far_up_its_law_a_number_lies() -> None:
    """A share of a quarter is the lower quartile of whatever law the name has."""
    scenario = uncertain().with_posterior(particles((0.25, 0.75)))
    openness, ann, _ = drawn(scenario, 3)
    assert openness == pytest.approx([0.3] * 3, abs=1e-5)
    assert ann == pytest.approx([0.75] * 3, abs=1e-5)


def test_whom_the_particles_do_not_know_luck_draws_as_before() -> None:
    """Bob's first stances are those he has without a posterior."""
    scenario = uncertain()
    assert (drawn(scenario.with_posterior(particles((0.25, 0.75))), 50)[2] == drawn(scenario, 50)[2]).all()


def test_a_parameter_that_is_held_fixed_is_not_drawn_from_the_particles() -> None:
    """What is fixed comes before what was learnt."""
    scenario = uncertain()
    laws, asked = priors.of_debate(scenario.debate), np.arange(3, dtype=np.uint64)
    parameters, _ = priors.of_draws(laws, SEED, asked, {"openness": 0.5}, particles((0.25, 0.75)))
    assert (parameters[arrays_of(scenario).names.parameters.index("openness")] == 0.5).all()


@given(st.integers(0, 2**64 - 1), st.integers(1, 50), st.integers(0, 2**28))
def test_every_particle_is_drawn_once_before_any_comes_again(seed: int, size: int, start: int) -> None:
    """So that a few thousand runs are a fair sample of the posterior."""
    shares = np.linspace(0.1, 0.9, size)
    known = Particles.of(("openness",), (), shares[None], "")
    taken = priors.particle_of_draws(
        known, random_streams.seed_words(seed), np.arange(start, start + size, dtype=np.uint64)
    )
    assert sorted(taken) == list(range(size))


def test_other_seeds_begin_with_other_particles() -> None:
    """Two short runs with different seeds see different parts of the posterior."""
    known = Particles.of(("openness",), (), np.linspace(0.01, 0.99, 1000)[None], "")
    first = {
        int(priors.particle_of_draws(known, random_streams.seed_words(seed), np.zeros(1, np.uint64))[0])
        for seed in range(20)
    }
    assert len(first) > 15


def test_without_a_posterior_the_debate_is_what_it_was() -> None:
    """Taking the posterior away gives the same digest and the same bits."""
    scenario = uncertain()
    there_and_back = scenario.with_posterior(particles((0.25, 0.75))).from_prior()
    assert there_and_back.digest == scenario.digest
    assert played(there_and_back, 20).bits == played(scenario, 20).bits


def test_a_posterior_makes_another_debate_of_the_same_words() -> None:
    """The digest covers it, what is said does not; the particles' order and values count."""
    scenario, one, other = uncertain(), particles((0.25, 0.75)), particles((0.25, 0.5))
    digests = {scenario.digest, scenario.with_posterior(one).digest, scenario.with_posterior(other).digest}
    assert len(digests) == 3
    assert scenario.with_posterior(one).content_digest == scenario.content_digest


def test_changes_keep_the_posterior() -> None:
    """A what-if is played from what was learnt, and made again elsewhere with it."""
    changed = uncertain().with_posterior(particles((0.25, 0.75))).with_changes({"remove": "vote"})
    assert changed.posterior == particles((0.25, 0.75))
    remade = rebuild(changed.origin)
    assert (remade.digest, remade.posterior) == (changed.digest, changed.posterior)


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.floats(0.001, 0.999)), min_size=1, max_size=9))
def test_a_file_of_a_posterior_keeps_it_to_16_bits(
    tmp_path_factory: pytest.TempPathFactory, shares: list[tuple[float, float]]
) -> None:
    """A share moves by half a step at most, once; written and read it is the same, to the same bytes."""
    known = dataclasses.replace(particles(*shares), about="invented")
    content = posterior.netcdf(known)
    (path := tmp_path_factory.mktemp("posterior") / "posterior.nc").write_bytes(content)
    found = posterior.read_file(path)
    assert (found.parameters, found.members, found.fitted_to, found.about) == (
        ("openness",), ("ann",), "somewhere", "invented",
    )  # fmt: skip
    assert np.abs(known.quantiles - np.array(shares).T).max() <= 0.5 / posterior.STEPS + 1e-12
    assert posterior.netcdf(found) == content
    assert found == known


def test_xarray_reads_the_shares_as_numbers(tmp_path: Path) -> None:
    """The file is NetCDF with the usual packing, for whoever wants it without this program."""
    import xarray

    known = particles((0.25, 0.75), (0.5, 0.125))
    path = tmp_path / "posterior.nc"
    path.write_bytes(posterior.netcdf(known))
    with xarray.open_dataset(path, engine="scipy") as found:
        assert found["quantile"].values == pytest.approx(known.quantiles, abs=1e-4)


def test_what_is_no_posterior_is_refused(tmp_path: Path) -> None:
    """The message names the file, and the command that writes such files."""
    wrong = tmp_path / "posterior.nc"
    wrong.write_bytes(posterior.netcdf(particles((0.25, 0.75)))[:60])
    with pytest.raises(PosteriorError, match=r"posterior\.nc is not a posterior of this program: `sim calibrate`"):
        posterior.read_file(wrong)
    with pytest.raises(PosteriorError, match=r"nowhere\.nc cannot be read \(No such file or directory\)"):
        posterior.read_file(tmp_path / "nowhere.nc")


def known() -> bytes:
    """A file of two names and four particles."""
    shares = [(0.25, 0.75), (0.5, 0.5), (0.1, 0.9), (0.3, 0.7)]
    return posterior.netcdf(dataclasses.replace(particles(*shares), about="invented"))


def read(folder: Path, content: bytes) -> Particles | None:
    """The posterior in a file of this content, or None if it is refused in one sentence."""
    (path := folder / "posterior.nc").write_bytes(content)
    try:
        return posterior.read_file(path)
    except PosteriorError as error:
        refused = str(error)
    assert refused == f"{path} is not a posterior of this program: `sim calibrate` writes them"
    return None


@given(st.integers(0, len(known()) - 1), st.binary(min_size=1, max_size=12), st.integers(0, 400))
def test_whatever_a_file_says_it_is_a_posterior_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, other: bytes, left_out: int
) -> None:
    """Bytes that are other ones, or missing, give particles that can be drawn from, or one sentence."""
    content = known()
    mutated = content[:place] + other + content[place + len(other) :]
    for one in (mutated, content[: len(content) - left_out], content[:place] + content[place + len(other) :]):
        found = read(tmp_path_factory.mktemp("mutated"), one)
        if found is not None:
            assert found.quantiles.shape == (len(found.rows), found.size)
            assert found.size > 0
            assert ((found.quantiles > 0) & (found.quantiles < 1)).all()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"parameter: openness\nfirst stance: ann", b"first stance: ann\nparameter: openness"),
        (b"parameter: openness\nfirst stance: ann", b"first stance: anna\nfirst stance: anna"),
        (b"parameter: openness\nfirst stance: ann", b"parameter: openness\nlast stance:  ann"),
        (b"\x37\x80\0\0", b"\x7f\xc0\0\0"),
        (b"\x37\x80\0\0", b"\x47\x80\0\0"),
        (b"particle\0\0\0\x04", b"particle\xff\xff\xff\xff"),
        (b"particle\0\0\0\x04", b"particle\0\0\0\0"),
    ],
    ids=["order", "twice", "kind", "NaN", "beyond 1", "negative or huge", "none"],
)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Names in another order, twice or of no kind, numbers that are none or outside of (0, 1), sizes that are not."""
    assert known().count(old) == 1
    assert read(tmp_path, known().replace(old, new)) is None


def test_what_has_no_end_is_not_read() -> None:
    """A device is no file."""
    with pytest.raises(PosteriorError, match=r"/dev/zero cannot be read \(it is not a file\)"):
        posterior.read_file(Path("/dev/zero"))


def test_a_posterior_is_kept_once_beside_the_folders_drawn_from_it(tmp_path: Path) -> None:
    """Two folders share the file, are played again from it, and are refused once it is another."""
    scenario = uncertain().with_posterior(particles((0.25, 0.75), (0.4, 0.1)))
    folders = [Saved.of("run", play(scenario, seed, 0)).write(tmp_path) for seed in (1, 2)]
    (kept,) = (tmp_path / KEPT).iterdir()
    assert all("posterior.nc" not in Saved.read(folder).digests for folder in folders)
    assert Saved.read(folders[0]).scenario.digest == scenario.digest
    assert rerun_differences(Saved.read(folders[1]), Executor()) == []
    kept.write_bytes(posterior.netcdf(particles((0.5, 0.5))))
    with pytest.raises(ResultsError, match="copy its file there"):
        _ = Saved.read(folders[0]).scenario


def test_a_posterior_of_another_debate_is_refused(tmp_path: Path) -> None:
    """What was fitted to other words says nothing of these; the message says what would do."""
    path = tmp_path / "posterior.nc"
    path.write_bytes(posterior.netcdf(particles((0.25, 0.75))))
    with pytest.raises(PosteriorError, match=r"fitted to another debate .* or calibrate this one"):
        with_posterior_of(uncertain(), path)
    own = dataclasses.replace(particles((0.25, 0.75)), fitted_to=uncertain().content_digest)
    path.write_bytes(posterior.netcdf(own))
    assert with_posterior_of(uncertain(), path).posterior == own
