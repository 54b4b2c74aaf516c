"""Reads behind versions: what the present state holds, and which images must stay together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import CharField, Count, Value
from django.db.models.functions import Cast, Replace
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from datasets_app.ingest.near_duplicates import near_duplicate_groups
from datasets_app.models import Annotation, Image, ImageState, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.splits import Assignment, LabelCounts, split_statistics


def label_counts(project: Project) -> LabelCounts:
    """Labels per image and class, now."""
    states = ImageState.objects.now().filter(project=project).order_by("image_id")
    ids = np.fromiter(states.values_list("image_id", flat=True), dtype=np.int64)
    rows = Annotation.objects.now().filter(project=project).order_by()
    counted = rows.values_list("image_id", "label_class_id").annotate(number=Count("pk"))
    # Straight from the cursor: three whole numbers a row need no conversion, which would cost more than the query.
    with connection.cursor() as cursor:
        cursor.execute(*counted.query.sql_with_params())
        pairs = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 3)
    pairs[:, 0] = np.searchsorted(ids, pairs[:, 0])
    return LabelCounts(ids, pairs)


def fixed_splits(project: Project) -> dict[int, str]:
    """image id → the split that an import or a person fixed, for the images that have one."""
    return dict(ImageState.objects.now().filter(project=project).exclude(split="").values_list("image_id", "split"))


def split_groups(project: Project, group_by: str) -> dict[int, str]:
    """image id → name of the group that must stay in one split; images that stand alone are left out."""
    if group_by == "none":
        return {}
    rows = ImageState.objects.now().filter(project=project).exclude(group="")
    groups = {image: f"group:{group}" for image, group in rows.values_list("image_id", "group")}
    if group_by == "group":
        return groups
    hashes = dict(
        Image.objects.filter(project=project, states__deleted_in__isnull=True, states__isnull=False)
        .order_by()
        .values_list("pk", "perceptual_hash")
    )
    return merged_groups(groups, near_duplicate_groups(hashes))


def merged_groups(groups: Mapping[int, str], clusters: Iterable[Sequence[int]]) -> dict[int, str]:
    """Joins clusters of near-duplicates with the named groups that they touch: the union must stay together."""
    clusters = list(clusters)
    ids = sorted({*groups, *(image for cluster in clusters for image in cluster)})
    index = {image: position for position, image in enumerate(ids)}
    first_of: dict[str, int] = {}
    edges = [(index[image], index[first_of.setdefault(name, image)]) for image, name in groups.items()]
    edges += [(index[cluster[0]], index[image]) for cluster in clusters for image in cluster[1:]]
    if not edges:
        return {}
    rows, columns = np.array(edges).T
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (rows, columns)), shape=(len(ids), len(ids)))
    _, labels = connected_components(graph, directed=False)
    return {image: f"together:{labels[position]}" for image, position in index.items()}


def image_uuids(project: Project) -> list[tuple[int, str]]:
    """Id and UUID of every image that there ever was, by UUID, as 32 hex digits on every database."""
    text = Replace(Cast("uuid", CharField()), Value("-"), Value(""))
    rows = Image.objects.filter(project=project).annotate(hex=text).values_list("pk", "hex")
    return sorted(rows, key=lambda row: row[1])


def statistics(project: Project, counts: LabelCounts, assignment: Assignment) -> dict[str, Any]:
    """Images and labels, in all, per class (with name and colour) and per split."""
    states = class_states(project.pk)
    numbers: dict[str, Any] = split_statistics(counts, assignment, [state.label_class_id for state in states])
    for state, body in zip(states, numbers["classes"], strict=True):
        body |= {"name": state.name, "color": state.color}
    return numbers
