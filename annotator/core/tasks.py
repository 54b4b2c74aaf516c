"""The one Celery task, and the dispatcher that every worker starts."""

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from annotator.core.dispatch import Dispatcher
from annotator.core.jobs import release_all, run_job

_dispatchers: list[Dispatcher] = []


@shared_task(name="run_job")
def run_job_task(job_id: str) -> None:
    run_job(job_id)


@worker_ready.connect
def start_dispatcher(**_: object) -> None:
    dispatcher = Dispatcher()
    dispatcher.start()
    _dispatchers.append(dispatcher)


@worker_shutting_down.connect
def stop_dispatcher(**_: object) -> None:
    release_all()
    while _dispatchers:
        _dispatchers.pop().stop()
