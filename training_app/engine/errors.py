"""The failures that a run reports to the person who started it; knows nothing of what went wrong or of torch."""


class EngineError(Exception):
    """Ends the run: `code` is stable, `detail` is a sentence that says what was wrong and what would be right."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error` says that memory ran out, on a GPU (by the name of torch's class) or on the host."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
