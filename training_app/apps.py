"""Runs, checkpoints, models, evaluations, predictions."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training_app"
