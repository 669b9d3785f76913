"""The rules: pure compiled functions of arrays, one file a family; nothing here knows a scenario.

May use `numerics` and `jit`. `persuasion` is talk, `letters` what a letter does, `voting` how an opinion becomes a
vote, `decisions` how votes become a decision.
"""
