"""Extracts of dated lists of the Hugging Face Hub: totals by publishing organisation.

A list names repositories, and some belong to private persons: only organisations are named here,
persons, communities and accounts that nobody placed are added up.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import pandas as pd

from ... import project
from ...project import FactcheckError
from ..schemas import count, flag, schema, text

RANKING = ("modelId", "modelName", "author", "downloads", "lastModified", "tags", "pipeline_tag",
    "sha", "private", "inference")  # fmt: skip
TRENDING = ("model_id", "description", "tags", "downloads", "likes", "language")
LIKED = ("name", "author", "last_modified", "downloads", "likes", "pipeline_tag", "tag")
RANKS = ("category", "model", "number_of_apps")
CODES = ("china", "us", "eu", "other", "unknown", "community", "unplaced")
TABLE, LISTED = "facts_hub_regions", "adoption_atom_models_2025_12_30"
COUNTERS = "facts_hf_alltime_downloads"
GROUPS = ["organisation", "region", "release", "base", "in_atom_list", "task"]
APART = 0.01  # an account that nobody placed stands alone from this share of a list's downloads

# The six laboratories of ATOM's essay. Four were founded, or opened their account, after ChatGPT
# (30 November 2022); of the others these families were first released since then.
SIX_LABS = ("Qwen", "deepseek-ai", "meta-llama", "facebook", "google", "microsoft", "mistralai")
SINCE = {
    "google": r"\w*gemma|siglip|owlv2|flan-ul2|madlad400|metricx-2|pix2struct|deplot|matcha|timesfm"
    r"|umt5|xtr-|seahorse|videoprism",
    "microsoft": r"phi|orca-2|florence-2|kosmos|llmlingua|biomedclip|rad-dino|llm2clip|omniparser"
    r"|llava-med|biomedparse|reducio|mai-ds|bitnet|promptist|udop|magma|aurora|wavecoder|rho-",
    "facebook": r"dinov[23]|sam-vit|sam2|seamless|hf-seamless|musicgen|audiogen|magnet|mms-|nougat"
    r"|chameleon|metaclip|w2v-bert|mobilellm|layerskip|hiera|llm-compiler|xlm-v|opt-iml|dragon"
    r"|dpt-dinov2|blt|pe-|perception|webssl|edgetam|nwm|vjepa|sapiens|cotracker",
}  # fmt: skip
# Names that state a base of another region than the publisher's.
BASES = {r"deepseek-r1-distill-llama": "us", r"mai-ds-r1|r1-1776": "china"}

# Accounts in the table of regions that are single persons': by `key`, so that none is named.
PERSONS = frozenset(
    """
    0121e0ea 03d204b5 08695a6d 0ae71897 110db50a 11a81de5 1202d811 177eddff 25d5c4b3 396e64d7
    4270b428 450e5ad2 5551f695 58a21507 61c22277 64cd7121 71bdf724 77e395e3 7808e7dd 78cde64c
    7bcde8a6 9a5081bd a49311cb b24ad46c b3976e26 b5616a89 ba6bd580 bf0c88b7 c05a5595 cb78decf
    cbbd9286 ded09a25 df40a7ad e6937f06 e6b3963d e7c947bf
""".split()
)
# Repositories that stood without an account in January 2024.
ROOTS = {"gpt2": "openai-community", "distilgpt2": "distilbert"}


def regions(path: Path) -> pd.DataFrame:
    """Keep the region of each publishing account.

    Columns account (a person's as `key`), region, basis (atom: as the ATOM Project has it; ours).
    """
    table = _read(path, ("hf_org", "region", "basis", "note"))
    atom = table["basis"].str.startswith("ATOM")
    table["basis"] = atom.map({True: "atom", False: "ours"})
    table["account"] = [
        key(name) if key(name) in PERSONS and not own else name
        for name, own in zip(table["hf_org"], atom, strict=True)
    ]
    return table[["account", "region", "basis"]].sort_values("account")


def key(name: str) -> str:
    """Return what stands for a person's account: enough to find it again, and no name."""
    return sha256(name.encode()).hexdigest()[:8]


def ranking(path: Path) -> pd.DataFrame:
    """Add up a full ranking by downloads: see `totals`."""
    table = _read(path, RANKING)
    return totals(table["modelId"], table["downloads"], table["pipeline_tag"], path.name)


def trending(path: Path) -> pd.DataFrame:
    """Add up a list in trending order: see `totals`."""
    table = _read(path, TRENDING)
    return totals(table["model_id"], table["downloads"], table["description"], path.name)


def totals(names: pd.Series, downloads: pd.Series, tasks: pd.Series, where: str) -> pd.DataFrame:
    """Add up 30-day downloads by organisation.

    Columns organisation ("(persons)", "(community)", "(unplaced)" for what is not named, "(unplaced
    n)" for the n-th largest account that nobody placed and that has a hundredth of all), region,
    release (since or before ChatGPT, six laboratories only), base (a region that the name states in
    place of the publisher's), in_atom_list, task, models, downloads, largest (downloads of the
    largest repository), largest_model, truncated_at (the list's smallest count). Raises
    FactcheckError for a repository that stands twice.
    """
    table = pd.DataFrame({"model": names, "downloads": downloads.astype(int)})
    if table["model"].duplicated().any():
        twice = table.loc[table["model"].duplicated(), "model"].iloc[0]
        raise FactcheckError(f"{where}: {twice} stands twice, so this is no list of one day.")
    account = table["model"].str.split("/").str[0]
    table["region"] = [placed(name)[1] for name in account]
    table["organisation"] = _named(account, table["downloads"])
    table["release"] = [release(name) for name in table["model"]]
    table["base"] = [base(name) for name in table["model"]]
    listed = pd.read_csv(project.raw() / f"{LISTED}.csv")["model"]
    table["in_atom_list"] = table["model"].isin(listed).astype(str)
    language = tasks.eq("text-generation")
    table["task"] = language.map({True: "text generation", False: "other"}).to_numpy()
    table["largest_model"] = table["model"].where(~table["organisation"].str.startswith("("), "")
    ordered = table.sort_values(["downloads", "model"], ascending=[False, True])
    found = ordered.groupby(GROUPS).agg(
        models=("model", "size"), downloads=("downloads", "sum"),
        largest=("downloads", "first"), largest_model=("largest_model", "first"),
    )  # fmt: skip
    return found.reset_index().assign(truncated_at=table["downloads"].min())


def counted(path: Path) -> pd.DataFrame:
    """Keep the models of a trending list that have a counter: columns model, downloads."""
    table = _read(path, TRENDING).rename(columns={"model_id": "model"})
    known = pd.read_csv(project.raw() / f"{COUNTERS}.csv")["model"]
    return table.loc[table["model"].isin(known), ["model", "downloads"]].sort_values("model")


def _named(account: pd.Series, downloads: pd.Series) -> list[str]:
    """Return the name under which each account's downloads are added up."""
    unplaced = downloads[[placed(name)[1] == "unplaced" for name in account]]
    large = unplaced.groupby(account).sum().sort_values(ascending=False)
    large = large[large >= APART * downloads.sum()]
    alone = {name: f"(unplaced {place})" for place, name in enumerate(large.index, start=1)}
    return [alone.get(name, placed(name)[0]) for name in account]


def placed(account: str) -> tuple[str, str]:
    """Return the name under which an account is counted, and its region's code."""
    region = places().get(account) or places().get(key(account), "unplaced")
    if region in ("unplaced", "community"):
        return f"({region})", region
    return ("(persons)" if key(account) in PERSONS else account), region


@cache
def places() -> dict[str, str]:
    """Return the region of each account, from the committed table."""
    table = pd.read_csv(project.raw() / f"{TABLE}.csv", dtype=str)
    return dict(zip(table["account"], table["region"], strict=True))


def release(model: str) -> str:
    """Return whether a model of the six laboratories was released since ChatGPT, by its family.

    >>> release("google/gemma-2-9b-it"), release("google/vit-base-patch16-224"), release("x/gemma")
    ('since', 'before', '')
    """
    organisation, _, name = model.partition("/")
    if organisation not in SIX_LABS:
        return ""
    families = SINCE.get(organisation, "")
    return "since" if re.match(families, name, re.IGNORECASE) else "before"


def base(model: str) -> str:
    """Return the region of the base that a model's name states, "" where it is the publisher's.

    >>> base("deepseek-ai/DeepSeek-R1-Distill-Llama-8B"), base("deepseek-ai/DeepSeek-R1")
    ('us', '')
    """
    name = model.rpartition("/")[2]
    return next((at for words, at in BASES.items() if re.match(words, name, re.IGNORECASE)), "")


def most_liked(path: Path) -> pd.DataFrame:
    """Keep the text-generation part of a list of the most liked: single counts and no share.

    Columns organisation, region, model, downloads.
    """
    table = _read(path, LIKED)
    table = table[table["tag"].eq("text-generation")]
    organisation = table["name"].str.split("/").str[0].replace({"gpt2": "openai-community"})
    table = table.assign(organisation=organisation, model=table["name"].str.split("/").str[-1])
    table["region"] = [placed(name)[1] for name in organisation]
    return table[["organisation", "region", "model", "downloads"]].sort_values("model")


def ranks(path: Path) -> pd.DataFrame:
    """Count places among the 100 most downloaded text-generation repositories, by organisation.

    Columns organisation, region, slots, best_rank. The list has no counts of downloads.
    """
    table = _read(path, RANKS).reset_index(drop=True)
    account = table["model"].str.split("/").str[0].where(table["model"].str.contains("/"))
    account = account.fillna(table["model"].map(ROOTS))
    known = [placed(str(name)) for name in account]
    table = pd.DataFrame(known, columns=["organisation", "region"]).assign(rank=table.index + 1)
    found = table.groupby(["organisation", "region"])["rank"].agg(["size", "min"])
    return found.reset_index().rename(columns={"size": "slots", "min": "best_rank"})


def _read(path: Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    """Read a list; raises FactcheckError naming the columns where they are not the known ones."""
    table = pd.read_csv(path, keep_default_na=False, na_values=[""])
    if list(table.columns) != list(wanted):
        other = sorted(set(table.columns) ^ set(wanted)) or list(table.columns)
        raise FactcheckError(
            f"{path.name}: its columns are not those of the pinned list: look at"
            f" {', '.join(other)}."
        )
    return table


TOTALS = schema(
    key=GROUPS, organisation=text(), region=text(list(CODES)),
    release=text(["since", "before"], nullable=True), base=text(["us", "china"], nullable=True),
    in_atom_list=flag(), task=text(["text generation", "other"]), models=count(),
    downloads=count(), largest=count(), largest_model=text(nullable=True), truncated_at=count(),
)  # fmt: skip
SCHEMAS = {
    "regions": schema(key=["account"], account=text(), region=text(list(CODES)),
        basis=text(["atom", "ours"])),
    "ranking": TOTALS,
    "trending": TOTALS,
    "counted": schema(key=["model"], model=text(), downloads=count()),
    "most_liked": schema(key=["organisation", "model"], organisation=text(),
        region=text(list(CODES)), model=text(), downloads=count()),
    "ranks": schema(key=["organisation", "region"], organisation=text(), region=text(list(CODES)),
        slots=count(), best_rank=count()),
}  # fmt: skip
