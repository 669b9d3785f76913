"""What the parts of a scenario must be to each other: names that exist, dates that agree, numbers in range.

`CHECKS` is the whole list. Each check takes a draft (the sound parts of a file) and yields what it finds,
as a key path and a sentence; none of them minds what another finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.scenario.validation import axis, dates, distributions, meetings, names, parameters
from sim.scenario.validation.draft import Draft
from sim.scenario.validation.types import Finding

CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    names.check_ids,
    names.check_observation_ids,
    names.check_sources,
    names.check_members_named,
    names.check_bodies_and_readers,
    names.check_nobody_is_named_twice,
    names.check_sessions,
    names.check_conditions,
    names.check_rests_on,
    names.check_defaults,
    axis.check_positions,
    axis.check_places,
    axis.check_thresholds,
    axis.check_first_stances,
    distributions.check_parameter_laws,
    parameters.check_parameters_named,
    parameters.check_rules_have_what_they_need,
    parameters.check_susceptibility_and_attachment,
    dates.check_span,
    dates.check_order_of_dates,
    dates.check_absences,
    dates.check_seats,
    meetings.check_sittings,
    meetings.check_voters,
    meetings.check_chairs,
    meetings.check_tallies,
)
