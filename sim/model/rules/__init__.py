"""The rules: pure functions of arrays, one file a family."""
