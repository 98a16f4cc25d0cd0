"""What was handed in, found and verified is never changed nor deleted: the tables' triggers."""

from django.db import migrations

from registry.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        AppendOnly("Upload"),
        AppendOnly("PackageEvent"),
        AppendOnly("Submission"),
        AppendOnly("FindingRow"),
        AppendOnly("FindingAnswer"),
        AppendOnly("TermRow"),
        AppendOnly("LineTotalRow"),
        AppendOnly("ReportContent"),
        AppendOnly("ReportSource"),
        AppendOnly("ReportTerm"),
        AppendOnly("ReportedDatum"),
        AppendOnly("VerificationEvent"),
        AppendOnly("VerifiedDatum"),
        AppendOnly("VerifiedResult"),
    ]
