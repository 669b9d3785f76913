"""A debate, its replay and some what-ifs as one file: a report that opens from disk, or a worksheet for a class.

`content` plays, the templates beside it say what was played, and `embedded_data` is what the page in a report shows.
"""
