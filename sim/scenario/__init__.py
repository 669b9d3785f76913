"""A debate as a YAML file says it: read strictly, checked, changed by what-ifs, laid out in time.

Open `scenario` first: `load` makes a `Scenario` of a file. `schema` is the format; `yaml_reader` keeps the lines for
messages; `validation` refuses what is wrong; `changes`, `evidence`, `edits` and `what_if` make one debate into another;
`consequences` says what goes with a moment that is taken out; `timeline` and `seats` say what happens when, and who
sits where; `posterior` holds what a calibration has inferred. Uses pydantic and NumPy, never the model or its compiler.
"""
