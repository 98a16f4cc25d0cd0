"""How often somebody may send a request: so many times within a fixed window of real time, counted in the cache."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

__all__ = ["WINDOW_SECONDS", "within"]

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60


def within(key: str, limit: int, seconds: int = WINDOW_SECONDS) -> bool:
    """Count one request under `key`; whether it is within the limit. A cache that is down keeps nobody out."""
    name = f"rate:{key}"
    try:
        cache.add(name, 0, seconds)
        return cache.incr(name) <= limit
    except ValueError:  # the window ended between the two
        return True
    except RedisError as error:
        logger.warning("requests are not being counted: %s", error)
        return True
