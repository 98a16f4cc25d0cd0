"""The one Celery task: a task message names a job."""

from celery import shared_task

from registry import jobs


@shared_task(name=jobs.TASK, ignore_result=True)
def do_job(job_id: int) -> None:
    jobs.run(job_id)
