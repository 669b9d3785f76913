"""`sim`, and `python -m sim`: whoever stops it is heard from its first lines on, before all that takes time to load."""

from sim.commands.interruption import heard


def main() -> None:
    """Runs the command line."""
    with heard():
        from sim.commands.main import main

        main()


if __name__ == "__main__":
    main()
