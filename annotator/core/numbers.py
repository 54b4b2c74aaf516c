"""Whole numbers from untrusted text."""


def whole_number(text: str, most: int) -> int | None:
    """`text` as a decimal from 0 to `most`; None for anything else.

    `str.isdigit` alone is no check: it takes "²" too, and `int` refuses thousands of digits with an error of its own.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    value = int(text)
    return value if value <= most else None
