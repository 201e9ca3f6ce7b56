"""How often an address may try. Counters live in Redis."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, strategy="fixed-window", headers_enabled=False)
