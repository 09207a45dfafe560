"""Affiliations: from the text an author gives to the country where that employer has its
headquarters."""

import html
import re
from functools import cache

import pandas as pd

from ... import project
from ..places import iso3

TABLE = "facts_affiliation_to_country"
DEEPMIND, NONE, UNMAPPED = "DeepMind", "none", "unmapped"
NO_AFFILIATION = frozenset({"", "-", "none", "na", "n/a", "no affiliation", "null"})
SEVERAL = re.compile(r"\s*(?:/|;|\||\+|,|&| and )\s*")
# Parts of an address that are also names in the table: alone they are no institution.
TOWNS = frozenset({"cambridge", "princeton", "berkeley", "london", "oxford"})
# Rows of the table that we read as wrong under its own rule (headquarters of the parent, first
# institution listed), or that it left empty although the text names one institution, misspelt or
# abbreviated. Found by reading all Chinese, Hong Kong, Macau, Taiwanese and empty rows, every
# American or Chinese firm placed elsewhere, and the audit sample.
CORRECTIONS = {
    "AU": "university of technology, sydney|university of technology, sydney, australia",
    "CH": "genentech|genentech / nyu|genentech & stanford university",
    "CL": "puc-chile|puc chile|puc chile & millenium instititute for foundational research on data",
    "CN": "alibaba us, damo academy|baidu usa|huawei montreal research centre"
          "|the chinese university of hong kong, shenzen|soochow university, china"
          "|new york university shanghai|shanghai new york univeristy"
          "|eastern institute for advanced study|xi'an jiao tong university"
          "|nanjinguniversity"
          "|中国科学院自动化所"
          "|cooperative medianet innovation center, shang hai jiao tong university|nlpr"
          "|noah's ark lab|iscas|jinan university"
          "|university of chineses academy of sciences|donghua university"
          "|northwest polytechnical university"
          "|south university of science and technology"
          "|southern medical university|school of biomedical engineering, southern medical "
          "university|institute of information engineering"
          "|national key lab for novel software technology|pengcheng laboratory|jihua lab"
          "|qiyuan lab|talkingdata|dji technology|huya inc"
          "|ant technology group co., ltd|international digital economy academy"
          "|birentech research|xiaobing.ai|galixir|sufe ai lab|amss|realai"
          "|intelligent science & technology academy of casic|finvolution group|polixir.ai"
          "|innopeak technology|tal ai lab|fabu|anker innovations",
    "DE": "albert-ludwigs-university|juelich research centre|jülich research centre"
          "|juelich forschungszentrum|forschungszentrum jülich",
    "FI": "bell labs",
    "FR": "cloud temple|ens ulm|ens ulm, cnrs|ensae - iit",
    "GB": "lancaster university|lancaster|instadeep|instadeep ltd"
          "|university of oxford & naver labs europe",
    "HK": "city university of hongkong",
    "IT": "iit & ucl|lcsl iit|lcsl iit/mit|iit/unige",
    "JP": "toyota research institute|toyota central r&d labs|toyota central r&d labs., inc"
          "|toyota central r&d labs. inc|nec labs america|merl"
          "|mitsubishi electric research laboratories|mitsubishi electric research labs"
          "|honda research institute us"
          "|merl (mitsubishi electric research laboratories), cambridge ma",
    "KR": "samsung research china - beijing|samsung research america|samsung sait ai lab montreal"
          "|samsung sail montreal|naver labs europe|sait"
          "|electronics and telecommunications research institute|sunkyunkwan university",
    "US": "msra|microsoft research montreal|msr montréal|new york university school of medicine"
          "|university of virignia|pinceton university"
          "|massachussets institute of technology|university of pennysylvania|college of william"
          "|paul g. allen school of computer science"
          "|university at albany|computer science and artificial intelligence laboratory, "
          "electrical engineering & computer science"
          "|department of computer science, whiting school of engineering|slac"
          "|slac national accelerator laboratory|lanl|utdallas|ut arlington"
          "|ariaonza state university|tulan university|ucr|alexa ai|reality labs|servicenow"
          "|splunk|docusign, inc|niantic|honeywell|ansys|ansys inc"
          "|ansys, inc|netapp|twitch|asapp|asapp, inc|partnership on ai|vmmare research"
          "|tripadvisor|bcm|sas|sas institute inc|sas institute, inc"
          "|realityengines.ai|radiance technologies|rti international|cz biohub|iqvia"
          "|shirley ryan abilitylab",
}  # fmt: skip
CORRECTED = {text: country for country, texts in CORRECTIONS.items() for text in texts.split("|")}


def normal(text: str) -> str:
    """Return an affiliation in lower case, without quotes, entities, doubled blanks and what a
    bracketed nickname left in front.

    >>> normal(" Texas A&amp;M  University,"), normal("Nick) Name (Some University")
    ('texas a&m university', 'some university')
    """
    for _ in range(4):
        text = html.unescape(text)
    text = (
        text.replace('"', "")
        .replace("’", "'")
        .replace("‘", "'")
        .replace("''", "'")
        .replace("\u200b", "")
    )
    if 0 <= text.find(")") < text.rfind("("):
        text = text[text.rfind("(") + 1 :]
    return re.sub(r"\s+", " ", text).strip(" ,;.").lower()


@cache
def table() -> dict[str, str]:
    """Return the committed table, our corrections on top: affiliation → ISO alpha-3 code, DeepMind
    apart, "unmapped" where nobody mapped it."""
    rows = pd.read_csv(project.raw() / f"{TABLE}.csv", dtype=str, keep_default_na=False)
    code = rows["corrected"].where(rows["corrected"].ne(""), rows["country"])
    return {
        name: place_of(name, country)
        for name, country in zip(rows["affiliation"], code, strict=True)
    }


def place_of(name: str, country: str) -> str:
    """Return the place of one table row: DeepMind is kept apart from the country it is entered
    under."""
    return (
        UNMAPPED
        if not country
        else DEEPMIND
        if "deepmind" in name and country == "GB"
        else iso3(country)
    )


def places(text: str, known: dict[str, str]) -> list[str]:
    """Return the places of one affiliation text in its order, one per institution it names.

    A text is split only where every part stands in the table by itself; else it is looked up whole,
    else by its first part that stands there. Returns ["none"] for no affiliation, ["unmapped"] for
    one nobody mapped.

    >>> places("MIT / ETH", {"mit": "USA", "eth": "CHE"}), places("N/A", {}), places("Lab X", {})
    (['USA', 'CHE'], ['none'], ['unmapped'])
    """
    name = normal(text)
    if name in NO_AFFILIATION:
        return [NONE]
    parts = list(dict.fromkeys(part for part in SEVERAL.split(name) if part))
    found = [known.get(part, UNMAPPED) for part in parts if part not in TOWNS]
    if parts and len(found) == len(parts) and UNMAPPED not in found:
        return found
    whole = known.get(name, UNMAPPED)
    return (
        [whole]
        if whole != UNMAPPED
        else [next((place for place in found if place != UNMAPPED), UNMAPPED)]
    )
