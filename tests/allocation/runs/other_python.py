"""What another Python is asked to do, by its own interpreter: compute the recorded manifest, and say the hash of what follows.

python3.12 other_python.py GOLDEN.json        with Django and numpy, from the root of the sources
"""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    os.environ["DJANGO_SETTINGS_MODULE"] = "quota_site.settings"
    import django

    django.setup()
    from allocation.runs.proof.rerun import recomputed
    from registry.values.canonical import canonical, digest

    golden = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(digest(recomputed(canonical(golden["manifest"]))))
