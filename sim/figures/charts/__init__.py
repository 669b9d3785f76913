"""Charts of tables."""

from sim.figures.charts import (
    ballots as ballots,
)
from sim.figures.charts import (
    decisions as decisions,
)
from sim.figures.charts import (
    influence_matrix as influence_matrix,
)
from sim.figures.charts import (
    influence_network as influence_network,
)
from sim.figures.charts import (
    members as members,
)
from sim.figures.charts import (
    overview as overview,
)
from sim.figures.charts import (
    polarisation as polarisation,
)
from sim.figures.charts import (
    policy as policy,
)
from sim.figures.charts import (
    posterior as posterior,
)
from sim.figures.charts import (
    power as power,
)
from sim.figures.charts import (
    stances as stances,
)
from sim.figures.charts import (
    tipping as tipping,
)
from sim.figures.charts import (
    two_worlds as two_worlds,
)
from sim.figures.charts import (
    waterfall as waterfall,
)
