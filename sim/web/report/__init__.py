"""A debate, its replay and some what-ifs as one file to send: opened from disk, offline, interactive."""
