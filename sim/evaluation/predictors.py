"""Who predicts decisions: the id of each predictor, which tables and files hold, and the label that people read."""

from __future__ import annotations

#: The model, by how much of the record it was fitted to, from the most to the least.
FITTED = "fitted"
LEAVE_ONE_OUT = "leave-one-out"
ONE_STEP_AHEAD = "one-step-ahead"
UNFITTED = "unfitted"
MODELS = (FITTED, LEAVE_ONE_OUT, ONE_STEP_AHEAD, UNFITTED)

COIN = "coin"
PUT_PASSES = "put-passes"
LEADERS_WISH = "leaders-wish"
FIRST_STANCES = "first-stances"
NO_DEFERENCE = "no-deference"
NO_DEFERENCE_ITSELF = "no-deference-itself"
BASELINES = (COIN, PUT_PASSES, LEADERS_WISH, FIRST_STANCES, NO_DEFERENCE, NO_DEFERENCE_ITSELF)
#: Those that learn by counting how often they were right, and those that are our model, with a part taken out and not
#: fitted again: beside a fitted model they prove nothing of the part.
BY_COUNTING = (PUT_PASSES, LEADERS_WISH, FIRST_STANCES, NO_DEFERENCE)
UNFITTED_MODELS = (NO_DEFERENCE, NO_DEFERENCE_ITSELF)

LABELS = {
    FITTED: "the model, fitted to these very decisions",
    LEAVE_ONE_OUT: "the model, leave-one-out: fitted to all but the decision",
    ONE_STEP_AHEAD: "the model, one step ahead: fitted to what came before, but for first stances",
    UNFITTED: "the model, unfitted",
    COIN: "a coin",
    PUT_PASSES: "what is put passes",
    LEADERS_WISH: "what the leader wants passes, unless they are absent and have not written",
    FIRST_STANCES: "every member's first stance kept",
    NO_DEFERENCE: "our model without deference, unfitted, trusted as far as it was right",
    NO_DEFERENCE_ITSELF: "our model without deference, unfitted, by its own probabilities",
}
