"""Writes a version, revision or selection in a format into one downloadable file, and says beforehand what is lost."""

from datasets_app.services.exports.losses import export_losses, losses_are_quick
from datasets_app.services.exports.request import ExportRequest, export_check, exports_folder, profiles_of
from datasets_app.services.exports.selection import selection_keep
from datasets_app.services.exports.writing import export_file, export_write

__all__ = [
    "ExportRequest",
    "export_check",
    "export_file",
    "export_losses",
    "export_write",
    "exports_folder",
    "losses_are_quick",
    "profiles_of",
    "selection_keep",
]
