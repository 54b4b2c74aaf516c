"""Takes a file in any readable format into a project, or says beforehand what would happen."""

from datasets_app.services.imports.request import MODES, ImportRequest, import_check, imports_folder, server_path
from datasets_app.services.imports.run import PROBLEMS_FILE, import_run

__all__ = ["MODES", "PROBLEMS_FILE", "ImportRequest", "import_check", "import_run", "imports_folder", "server_path"]
