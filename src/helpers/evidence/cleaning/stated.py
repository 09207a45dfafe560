"""Clean table of values that publications state."""

from ..extracts.stated import SCHEMAS
from ..tables import Table, raw

TABLES = {
    "stated_values": Table(
        "One row is a value that a publication states on use, industry, investment, chips or"
        " freedom.",
        SCHEMAS["stated_values"],
        lambda: raw("facts_diffusion_quoted"),
    ),
}
