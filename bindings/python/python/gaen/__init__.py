"""Exposure Notification (GAEN v1.2): what phones heard, signed files of published keys, and what both mean together.

>>> import gaen
>>> heard = gaen.Sightings.from_arrow(table)
>>> trust = gaen.TrustedKeys("440-v1.pem", "440", "v1")
>>> report = gaen.search(["day-1.zip", "day-2.zip"], heard, trust=trust)
>>> report.assess(gaen.Configuration.preset("cocoa-v2"), now=1_601_251_200).verdict
'notify'

`report.matches` is a table for pyarrow, polars, pandas and duckdb. Every object may be used from any thread, and each call
lets other threads run.
"""

from ._gaen import *
from ._gaen import __all__ as __all__
from ._gaen import __version__ as __version__
