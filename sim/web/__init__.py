"""A debate to look at and to change in a browser: as a server on this machine, or as one file to send.

`view` turns scenarios and results into plain values, `page` shows them without a build step, `server` answers the
questions of a page, and `report` writes page, answers and sections of text into one HTML file.
"""
