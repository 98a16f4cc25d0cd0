"""The sectors that the invented country has, in their places; a further one of the market isn't in it until it is invented."""

from registry.values.sectors import Sector

STEEL, CEMENT, ALUMINIUM = SECTORS = Sector("steel"), Sector("cement"), Sector("aluminium")
