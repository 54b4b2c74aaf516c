"""The one exception of the launcher; knows nothing else."""


class LaunchError(Exception):
    """The start cannot go on; the message is the sentence that the person at the terminal reads."""
