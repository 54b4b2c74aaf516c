"""Twenty class colours that stay apart for colour-blind people and on light and dark ground.

The first eight are those of Okabe and Ito ("Color Universal Design", 2008) without black, lightened where needed;
the others alternate hue and lightness so that neighbours in the list differ in both.
"""

PALETTE = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#8c6bb1", "#b15928", "#66c2a5",
    "#e7298a", "#a6761d", "#1f9ebc", "#b2df8a", "#fb6a4a", "#6a7fdb", "#c7b42c", "#3f9b5a", "#f4a6c0", "#7f8c99",
)  # fmt: skip


def color_for(position: int) -> str:
    """The palette's colour for the class at `position`, starting over after twenty."""
    return PALETTE[position % len(PALETTE)]
