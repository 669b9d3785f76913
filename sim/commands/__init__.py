"""The command line: each command reads its arguments, calls the library, shows tables and saves the result.

`main` has every command and how what it leaves is made again; `options` what several commands take; `terminal` what
is shown. Nothing is computed here.
"""
