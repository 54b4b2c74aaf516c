"""Entry of `python3 -m launcher`: refuses a Python that is too old, and parses on such a Python in order to say so."""

import sys

MINIMUM_PYTHON = (3, 11)

if sys.version_info[:2] < MINIMUM_PYTHON:
    sys.stderr.write(
        "Annotator needs Python %d.%d or newer, and this is Python %s (%s). "
        "Install a newer one and start again, for example: make run PYTHON=python3.12\n"
        % (MINIMUM_PYTHON[0], MINIMUM_PYTHON[1], sys.version.split()[0], sys.executable)
    )
    sys.exit(1)

from launcher.run import main  # noqa: E402  the version check above must come first

sys.exit(main(sys.argv[1:]))
