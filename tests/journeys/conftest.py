"""The cast, the server and the browser for every journey."""

from tests.cast import *  # noqa: F403
from tests.journeys.browser import *  # noqa: F403
