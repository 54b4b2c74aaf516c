"""Tables of training: one file per noun."""

from training_app.models.checkpoint import Checkpoint
from training_app.models.evaluation import Evaluation
from training_app.models.metric import MetricPoint
from training_app.models.model import TrainedModel
from training_app.models.prediction import Prediction, PredictionBatch, PredictionState
from training_app.models.run import Run

__all__ = [
    "Checkpoint",
    "Evaluation",
    "MetricPoint",
    "Prediction",
    "PredictionBatch",
    "PredictionState",
    "Run",
    "TrainedModel",
]
