"""Where the public names are, each once: read by type checkers, and by `sim/__init__.py` when a name is first used."""

from sim import figures as figures
from sim.analysis.attribution import Attribution as Attribution
from sim.analysis.attribution import attribute as attribute
from sim.analysis.power import Power as Power
from sim.analysis.power import power as power
from sim.analysis.sensitivity import Sensitivity as Sensitivity
from sim.analysis.sensitivity import sensitivity as sensitivity
from sim.analysis.tipping_points import SmallestChange as SmallestChange
from sim.analysis.tipping_points import TippingMap as TippingMap
from sim.analysis.tipping_points import TippingPoint as TippingPoint
from sim.analysis.tipping_points import tipping as tipping
from sim.calibration.calibration import Effort as Effort
from sim.calibration.calibration import Fit as Fit
from sim.calibration.calibration import calibrate as calibrate
from sim.counterfactuals.comparison import Comparison as Comparison
from sim.counterfactuals.comparison import whatif as whatif
from sim.counterfactuals.overview import Overview as Overview
from sim.counterfactuals.overview import overview as overview
from sim.ensembles.ensemble import Ensemble as Ensemble
from sim.ensembles.ensemble import ensemble as ensemble
from sim.ensembles.executor import Executor as Executor
from sim.errors import ScenarioError as ScenarioError
from sim.errors import UserError as UserError
from sim.evaluation.model_comparison import ModelComparison as ModelComparison
from sim.evaluation.model_comparison import compare as compare
from sim.evaluation.replay import Replay as Replay
from sim.evaluation.replay import replay as replay
from sim.evaluation.scoring import Score as Score
from sim.evaluation.scoring import score as score
from sim.model.mesa_model import Debate as Debate
from sim.model.mesa_model import Member as Member
from sim.model.transcript import Run as Run
from sim.model.transcript import play as play
from sim.scenario.library import shipped as shipped
from sim.scenario.library import whatif_names as whatif_names
from sim.scenario.scenario import Scenario as Scenario
from sim.scenario.scenario import load as load
from sim.tables.imported import from_tables as from_tables

__version__: str
__all__: list[str]
