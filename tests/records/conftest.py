"""The records' fixtures: one migrated database of each kind, copied for every test.

Other rooms may have them too, by putting this line in their own conftest.py::

    from tests.records.databases import *  # noqa: F403
"""

from tests.records.databases import *  # noqa: F403
