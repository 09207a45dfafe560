"""Countries and regions: one mapping from published names to ISO codes, and from codes to groups."""

from functools import cache

import country_converter

from .project import FactcheckError

EU27 = frozenset("AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE".split())
NAMES = {"CHN": "China", "USA": "United States", "GBR": "United Kingdom", "HKG": "Hong Kong", "MAC": "Macau", "KOR": "South Korea"}
GROUPS = ("un_list", "eu27", "eu_and_uk", "world_bank_eca")
# World Bank, "Europe and Central Asia": Europe without Malta, which it places in the Middle East and North Africa
# until 2025, with the Caucasus, Central Asia, Cyprus and Türkiye.
ECA_BEYOND_EUROPE = frozenset("ARM AZE GEO KAZ KGZ TJK TKM UZB TUR CYP GRL".split())


@cache
def _converter() -> country_converter.CountryConverter:
    return country_converter.CountryConverter()


@cache
def iso3(name: str) -> str:
    """Return the ISO 3166 alpha-3 code of a published country name.

    >>> iso3("Korea (Republic of)"), iso3("USA"), iso3("Hong Kong")
    ('KOR', 'USA', 'HKG')

    Raises FactcheckError for a name that is no single country.
    """
    found = _converter().convert(name, to="ISO3", not_found=None)
    if not isinstance(found, str) or len(found) != 3 or not found.isupper():
        raise FactcheckError(f"{name!r} is not a country name we can map: add it in helpers/places.py, or drop the row.")
    return found


@cache
def europe(group: str = "un_list") -> frozenset[str]:
    """Return the ISO codes of Europe in one of `GROUPS`.

    `un_list` is the United Nations' geographical Europe (M49), `eu27` the Union since 2020,
    `eu_and_uk` adds the United Kingdom, `world_bank_eca` is Europe and Central Asia.

    >>> "GBR" in europe("un_list"), "GBR" in europe("eu27"), "TUR" in europe("world_bank_eca")
    (True, False, True)
    """
    if group == "eu27":
        return EU27
    if group == "eu_and_uk":
        return EU27 | {"GBR"}
    data = _converter().data
    un_list = frozenset(data.loc[data["continent"].eq("Europe") & data["UNregion"].str.contains("Europe", na=False), "ISO3"])
    if group == "un_list":
        return un_list
    if group == "world_bank_eca":
        return (un_list - {"MLT"}) | ECA_BEYOND_EUROPE
    raise FactcheckError(f"{group!r} is no grouping of Europe: use one of {', '.join(GROUPS)}.")


def name(code: str) -> str:
    """Return the plain English name of an ISO code.

    >>> name("USA"), name("FRA")
    ('United States', 'France')
    """
    return NAMES.get(code) or _converter().convert(code, src="ISO3", to="name_short")
