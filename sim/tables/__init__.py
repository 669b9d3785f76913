"""A way in and out: tables of actors, seats, votes and statements → a commented scenario file, and back.

A row of a table is a part of the scenario format, and its columns are keys of that part, so that whatever the format
can say, a table can. What no table says is left as a question in the file that is written.
"""
