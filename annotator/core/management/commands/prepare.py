"""`manage.py prepare`: brings a database to where the product can start on it, as often as it is called."""

import json
import os
import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from typing_extensions import override

DEMO_COMMAND = "demo_project"


class Command(BaseCommand):
    help = (
        "Migrates, makes the first administrator from ANNOTATOR_ADMIN_USER and ANNOTATOR_ADMIN_PASSWORD when there is "
        "none, and loads the demo project. Says what it did as one JSON object on standard output."
    )
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Do not load the demo project.")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        migrated = migrations_apply()
        created = administrator_ensure(
            os.environ.get("ANNOTATOR_ADMIN_USER") or "admin", os.environ.get("ANNOTATOR_ADMIN_PASSWORD", "")
        )
        if not options["no_demo"] and DEMO_COMMAND in get_commands():
            call_command(DEMO_COMMAND, stdout=sys.stderr)
        self.stdout.write(json.dumps({"migrated": migrated, "administrator_created": created}))


def migrations_apply() -> int:
    """Applies what is missing and returns how many that were; costs one query when nothing is."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def administrator_ensure(username: str, password: str) -> bool:
    """Makes a superuser when there is none and a password is given. Returns whether it did."""
    users = get_user_model().objects
    if not password or users.filter(is_superuser=True).exists():
        return False
    try:
        users.create_superuser(username=username, email="", password=password)
    except IntegrityError:
        # Another process made it first, or an ordinary user has the name: neither is taken over.
        return False
    return True
