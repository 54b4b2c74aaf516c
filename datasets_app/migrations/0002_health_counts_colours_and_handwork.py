"""Counters of health reports gain colours, work and agreement: reports that there are get counted anew by the next job."""

from django.db import migrations


def count_anew(apps, schema_editor):
    apps.get_model("datasets_app", "HealthReport").objects.filter(revision__isnull=False).update(is_outdated=True)


class Migration(migrations.Migration):
    dependencies = [("datasets_app", "0001_initial")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
