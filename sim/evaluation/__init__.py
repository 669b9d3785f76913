"""The model against the record: how well it predicts decisions, and what predicts them as well.

`replay` plays a debate beside its record; `baselines` are simple rules to compare with; `scoring` fits the model
without each decision and predicts it; `model_comparison` does so for every persuasion rule and contested reading.
Who predicts has an id and a label (`predictors`), and `comparison` says in words whether the model is better than a
baseline.
"""
