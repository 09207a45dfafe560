"""Countries and regions: one mapping from published names to ISO codes and to groups."""

from functools import cache

import pycountry

from ..project import FactcheckError

EU27 = frozenset(
    "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU"
    " SVK SVN ESP SWE".split()
)
# Kosovo, which has no ISO code of its own, is XKX here as in the European Union's statistics.
# United Nations, Standard Country or Area Codes for Statistical Use (M49), region 150: Cyprus and
# Türkiye are in Western Asia.
BEYOND_EU27 = (
    "ALB AND BLR BIH XKX FRO GIB GGY ISL IMN JEY LIE MDA MCO MNE MKD NOR RUS SMR SRB CHE UKR"
    " GBR VAT"
)
UN_EUROPE = (EU27 - {"CYP"}) | frozenset(BEYOND_EU27.split())
# World Bank, Europe and Central Asia, as grouped in 2024: Malta is placed elsewhere.
WORLD_BANK_ECA = (UN_EUROPE - {"MLT", "GGY", "JEY", "VAT"}) | frozenset(
    "ARM AZE CYP GEO GRL KAZ KGZ TJK TKM TUR UZB".split()
)
EUROPE = {
    "un_list": UN_EUROPE,
    "eu27": EU27,
    "eu_and_uk": EU27 | {"GBR"},
    "world_bank_eca": WORLD_BANK_ECA,
}

NAMES = {
    "CHN": "China",
    "USA": "United States",
    "HKG": "Hong Kong",
    "MAC": "Macau",
    "KOR": "South Korea",
    "TWN": "Taiwan",
    "RUS": "Russia",
    "XKX": "Kosovo",
}
# Published spellings that ISO 3166 does not know.
ALIASES = {
    "usa": "USA", "uae": "ARE", "us": "USA", "uk": "GBR", "korea (republic of)": "KOR",
    "south korea": "KOR", "korea, rep.": "KOR", "russia": "RUS",
    "iran (islamic republic of)": "IRN", "iran": "IRN", "turkey": "TUR", "taiwan": "TWN",
    "hong kong, china": "HKG", "macau": "MAC",
    "macao": "MAC", "czech republic": "CZE", "vietnam": "VNM",
    "uk of great britain and northern ireland": "GBR",
    "united kingdom of great britain and northern ireland": "GBR",
    "united states of america": "USA", "holland": "NLD",
    "cape verde": "CPV", "central african republic (the)": "CAF",
    "china (mainland)": "CHN", "kosovo": "XKX", "micronesia": "FSM", "swaziland": "SWZ",
    "são tomé and príncipe": "STP", "vatican city": "VAT",
}  # fmt: skip


@cache
def iso3(name: str) -> str:
    """Return the ISO 3166 alpha-3 code of a published country name.

    >>> iso3("Korea (Republic of)"), iso3("USA"), iso3("Hong Kong")
    ('KOR', 'USA', 'HKG')

    Raises FactcheckError for a name that is no single country.
    """
    if code := ALIASES.get(name.strip().lower()):
        return code
    try:
        return pycountry.countries.lookup(name.strip()).alpha_3
    except LookupError:
        raise FactcheckError(
            f"{name!r} is not a country name we can map: add it to ALIASES in"
            " helpers/evidence/places.py, or drop the row."
        ) from None


def europe(group: str = "un_list") -> frozenset[str]:
    """Return the ISO codes of Europe in one of the groups of `EUROPE`.

    `un_list` is the United Nations' geographical Europe (M49), `eu27` the Union since 2020,
    `eu_and_uk` adds the United Kingdom, `world_bank_eca` is Europe and Central Asia.

    >>> "GBR" in europe("un_list"), "GBR" in europe("eu27"), "TUR" in europe("world_bank_eca")
    (True, False, True)
    """
    if group not in EUROPE:
        raise FactcheckError(f"{group!r} is no grouping of Europe: use one of {', '.join(EUROPE)}.")
    return EUROPE[group]


def name(code: str) -> str:
    """Return the plain English name of an ISO code.

    >>> name("USA"), name("FRA")
    ('United States', 'France')
    """
    if code in NAMES:
        return NAMES[code]
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        raise FactcheckError(f"{code!r} is no ISO 3166 alpha-3 code.")
    return str(getattr(country, "common_name", country.name))
