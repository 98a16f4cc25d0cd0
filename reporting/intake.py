"""Intake: a package is opened, a workbook comes in, is read by a job, and is submitted."""
