"""The model against the record: how well it predicts decisions, and what predicts them as well.

`replay` plays a debate beside its record; `baselines` are simple rules to compare with; `scoring` fits the model
without each decision and predicts it, and `named_votes` each vote of a roll call, beside `vote_baselines`, one of them
a fit in one dimension (`spatial_voting`). `model_comparison` does so for every persuasion rule and contested reading,
and `joint_comparison` over several debates. Who predicts has an id and a label (`predictors`), and `comparison` says in
words whether the model is better than a baseline.
"""
