"""`python -m sim` is the command `sim`."""

from sim.commands.main import main

main()
