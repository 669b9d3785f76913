"""A debate to look at and to change in a browser: a small server, and a page without a build step."""
