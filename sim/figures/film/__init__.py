"""The film of a debate: days pass, letters travel from their authors to their readers, and ballots are counted.

`storyboard` is what a film shows, as plain data, and the order of its frames; `from_results` makes one from a history
or an ensemble; `frames` draws it; `film` writes it as MP4 or GIF.
"""
