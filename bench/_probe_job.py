"""An empty job, known only to measurements."""

from annotator.core.jobs import JobContext, job


@job("bench.empty", queue="interactive", title="Nothing")
def empty(_ctx: JobContext) -> None:
    """Costs nothing, so that only the way to it is measured."""
