"""The commands, a family a module: read arguments, call, print, save. They compute nothing."""
