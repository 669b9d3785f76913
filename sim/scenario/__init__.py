"""A debate as a YAML file says it: read strictly, checked, changed by what-ifs, laid out in time.

Open `scenario` first: `load` makes a `Scenario` of a file. `schema` is the format; `yaml_reader` keeps the lines for
messages; `validation` refuses what is wrong; `changes`, `evidence`, `edits` and `what_if` make one debate into another;
`consequences` says what goes with a moment that is taken out; `timeline` and `seats` say what happens when, and who
sits where; `posterior` holds what a calibration has inferred; `arguments` is what the functions of Python's interface
take, and `shown` how a thing shows itself in a session. Uses pydantic and NumPy, never the model or its compiler.
"""

#: The debate that is meant where none is named, in Python as in a command.
DEFAULT = "monopoly-1922"
