"""`sim`, and `python -m sim`: whoever stops it is heard from its first lines on, before all that takes time to load."""

import gc
import os

from sim.commands.interruption import heard

#: What is imported lives as long as the program, and a command makes little garbage: to look for it as seldom as this
#: saves a short command a tenth.
OBJECTS_BETWEEN_COLLECTIONS = 1_000_000


def main() -> None:
    """Runs the command line."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # Matrices here are small: threads that wait for large ones only turn in circles, at the cost of those that play.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Foreign plugins might change what a file may say, and to look for them takes a look at every package installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with heard():
        from sim.commands.main import main

        main()


if __name__ == "__main__":
    main()
