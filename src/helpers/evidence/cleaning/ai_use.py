"""Clean table of the share of people who use AI tools."""

from ..extracts.ai_use import SCHEMAS
from ..tables import Table, raw

TABLES = {
    "ai_user_share": Table(
        "One row is an economy and a wave: Microsoft's estimate of the share of working-age people"
        " who use AI tools.",
        SCHEMAS["user_share"],
        lambda: raw("diffusion_microsoft_ai_diffusion_2026_q1"),
    ),
}
