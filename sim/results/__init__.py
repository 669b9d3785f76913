"""Results and the folder that keeps them.

A result says what it is of (`Result`): scenario, runs, seed, the settings of its command, and tables. Written, it is
files and a manifest (`Saved`), the same in memory as read back from a folder, so that whoever draws, checks or plays
it again has one thing to know. A folder is written whole or not at all.
"""
