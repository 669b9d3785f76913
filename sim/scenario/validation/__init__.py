"""What a scenario file may say: the types of its parts, and what the parts must be to each other.

Open `check` first: it makes a debate of a document, or tells everything that is wrong at once. `short_forms` spells out
what a file says in few words; `types` says in plain words what pydantic finds; `draft` holds the sound parts of a file,
so that one broken letter does not hide what is wrong with another; the other modules hold the checks between parts,
each a function `check_...` that takes a draft and yields what it finds, as a key path and a sentence; `doubts` tells
what is allowed and hardly meant. Nothing here knows the model.
"""
