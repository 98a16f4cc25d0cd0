"""The doors of reporting."""

from django.urls import path

from reporting.views import annual, bulk, intake, packages, receipts, verification

app_name = "reporting"
urlpatterns = [
    path("packages/", packages.packages, name="packages"),
    path("packages/board/", packages.board, name="package_board"),
    path("packages/bulk/", bulk.uploads, name="bulk"),
    path("packages/bulk/<int:pk>/", bulk.upload, name="bulk_upload"),
    path("packages/bulk/<int:pk>/progress/", bulk.progress, name="bulk_progress"),
    path("packages/bulk/<int:pk>/submit/", bulk.submit, name="bulk_submit"),
    path("packages/bulk/<int:pk>/original/", bulk.original, name="bulk_original"),
    path("packages/<int:pk>/", packages.package, name="package"),
    path("packages/<int:pk>/versions/<int:version>/", packages.version, name="package_version"),
    path("packages/<int:pk>/blank/", intake.blank, name="package_blank"),
    path("packages/<int:pk>/upload/", intake.upload, name="package_upload"),
    path("packages/<int:pk>/reading/", intake.reading, name="package_reading"),
    path("packages/<int:pk>/check-again/", intake.check_again, name="package_check_again"),
    path("packages/<int:pk>/answers/", intake.answers, name="package_answers"),
    path("submissions/<int:pk>/submit/", intake.submit, name="submission_submit"),
    path("submissions/<int:pk>/accept/", intake.accept, name="submission_accept"),
    path("submissions/<int:pk>/send-back/", intake.send_back, name="submission_send_back"),
    path("submissions/<int:pk>/reopen/", intake.reopen, name="submission_reopen"),
    path("receipts/verify/", receipts.verify, name="receipt_verify"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>/file/", receipts.file, name="receipt_file"),
    path("uploads/<int:pk>/", intake.original, name="upload"),
    path("packages/units/<int:pk>/<int:year>/", packages.unit_year, name="unit_year"),
    path("packages/units/<int:pk>/<str:sector>/<str:period>/open/", intake.open_package, name="package_open"),
    path("reports/units/<int:pk>/<str:sector>/<int:year>/", annual.prepare, name="annual_report_prepare"),
    path("reports/", annual.annual_reports, name="annual_reports"),
    path("reports/<int:pk>/", annual.annual_report, name="annual_report"),
    path("reports/<int:pk>/file/", annual.file, name="annual_report_file"),
    path("reports/<int:pk>/assign/", annual.assign, name="verification_assign"),
    path("verifications/", verification.verifications, name="verifications"),
    path("verifications/<int:pk>/", verification.one, name="verification"),
    path("verifications/<int:pk>/settle/", verification.settle, name="verification_settle"),
    path("verifications/<int:pk>/confirm-all/", verification.confirm_all, name="verification_confirm_all"),
    path("verifications/<int:pk>/conclude/", verification.conclude, name="verification_conclude"),
    path("verifications/<int:pk>/approve/", verification.approve, name="verification_approve"),
    path("verifications/<int:pk>/send-back/", verification.send_back, name="verification_send_back"),
    path("verifications/<int:pk>/notice/", verification.notice, name="verification_notice"),
    path("results/<int:pk>/", verification.verified_result, name="verified_result"),
]
