"""Who may do what to whose, as plain data that knows no model: the seats and how far each reaches (`roles`),
everything that anyone does here (`acts`), the matrix of both (`matrix`), and where a model keeps whom its rows
concern (`owners`). `registry.access` asks it.
"""

from registry.permissions.acts import Act, Whose
from registry.permissions.matrix import MANDATED, MATRIX
from registry.permissions.owners import Path, Paths

__all__ = ["MANDATED", "MATRIX", "Act", "Path", "Paths", "Whose"]
