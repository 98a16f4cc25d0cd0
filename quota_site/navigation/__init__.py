"""What every page's frame shows. Where a person of each role can go, in groups (`ways`), which of these a page belongs to
(`places`), how much waits at each (`waiting`), and all of it as the templates take it (`frame`).
"""

from quota_site.navigation.frame import context
from quota_site.navigation.places import Place, of_page
from quota_site.navigation.ways import GROUPS, Group, Way, groups

__all__ = ["GROUPS", "Group", "Place", "Way", "context", "groups", "of_page"]
