"""Clean tables on value added, exports and robots."""

from ..extracts.industry import SCHEMAS
from ..tables import Table, raw

TABLES = {
    "value_added": Table(
        "One row is an economy, industry and year: value added in millions of current dollars"
        " (NSF).",
        SCHEMAS["value_added"],
        lambda: raw("diffusion_ncses_10758_value_added_by_industry_2002_2022"),
    ),
    "goods_exports": Table(
        "One row is an economy, kind of goods and year: gross exports in millions of current"
        " dollars (NSF).",
        SCHEMAS["exports"],
        lambda: raw("diffusion_ncses_10759_gross_goods_exports_2002_2022"),
    ),
    "manufacturing_in_gdp": Table(
        "One row is an economy and year: manufacturing's share of its GDP in per cent (World"
        " Bank).",
        SCHEMAS["manufacturing_in_gdp"],
        lambda: raw("diffusion_owid_manufacturing_value_added"),
    ),
    "robot_shares": Table(
        "One row is a place and year: its share of the industrial robots installed in the world,"
        " derived from rounded counts.",
        SCHEMAS["robot_shares"],
        lambda: raw("diffusion_owid_industrial_robots_installed"),
    ),
}
