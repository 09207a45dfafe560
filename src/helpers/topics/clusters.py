"""Clusters: how a list of clusters of AI chips divides among countries, by filter and measure."""

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError

PRINTED_DATE = "2025-05-31"
METRICS = {"16_bit": "op_16_bit", "h100_equivalents": "h100_equivalents", "power": "power_mw"}
FILTERS = ("standard_analysis", "non_duplicate", "all")
PAIR = ("China", "United States")


def operating(
    date: str,
    cluster_filter: str = "standard_analysis",
    superseded: str = "keep",
    listed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the clusters that had started by `date` and were not retired, under Epoch's marks.

    `standard_analysis` keeps the rows Epoch marks for its analysis, `non_duplicate` all but its
    marked duplicates, `all` every row. `superseded` drop leaves out a cluster once its successor
    has started. Rows without a starting day are never in. `listed` is the clean table, read where
    it is not given. Raises FactcheckError for another filter.
    """
    if cluster_filter not in FILTERS:
        raise FactcheckError(
            f"{cluster_filter!r} is no filter of clusters: use one of {', '.join(FILTERS)}."
        )
    table = tables.load("gpu_clusters") if listed is None else listed
    kept = table["operational"].le(date) & ~table["retired"].le(date)
    if cluster_filter == "standard_analysis":
        kept &= table["standard"].eq("True")
    elif cluster_filter == "non_duplicate":
        kept &= table["duplicate"].eq("False")
    if superseded == "drop":
        kept &= ~table["superseded_on"].le(date)
    return table[kept].reset_index(drop=True)


def shares(clusters: pd.DataFrame, metric: str = "16_bit") -> pd.Series:
    """Return each country's share of a metric, per cent of all clusters with a value.

    Those without a country are in the base. Raises FactcheckError for another metric.
    """
    if metric not in METRICS:
        raise FactcheckError(
            f"{metric!r} is no measure of clusters: use one of {', '.join(METRICS)}."
        )
    sums = clusters.groupby("country")[METRICS[metric]].sum()
    return (100 * sums / sums.sum()).sort_values(ascending=False).round(4)


def grid(date: str = PRINTED_DATE) -> pd.DataFrame:
    """Return the shares under every filter, rule and metric.

    Columns cluster_filter, superseded, cluster_metric, clusters, valued, China, United States.
    """
    rows, listed = [], tables.load("gpu_clusters")
    for cluster_filter in FILTERS:
        for superseded in ("keep", "drop"):
            found = operating(date, cluster_filter, superseded, listed)
            for metric, column in METRICS.items():
                part = shares(found, metric)
                rows.append(
                    (
                        cluster_filter,
                        superseded,
                        metric,
                        len(found),
                        int(found[column].notna().sum()),
                        *part.reindex(PAIR),
                    )
                )
    return pd.DataFrame(
        rows,
        columns=["cluster_filter", "superseded", "cluster_metric", "clusters", "valued", *PAIR],
    )


def counts_near(printed: float, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return by day how many clusters of the standard analysis ran, and how many have a value.

    The value is computing power at 16 bit. Columns date, clusters, valued, gap (the smaller
    distance of the two from the printed count).
    """
    listed = tables.load("gpu_clusters").query("standard == 'True'")
    started, retired = (
        pd.to_datetime(listed[column]).to_numpy()[:, None] for column in ("operational", "retired")
    )
    running = (started <= days.to_numpy()) & ~(retired <= days.to_numpy())
    valued = running & listed["op_16_bit"].notna().to_numpy()[:, None]
    table = pd.DataFrame(
        {
            "date": days.strftime("%Y-%m-%d"),
            "clusters": running.sum(axis=0),
            "valued": valued.sum(axis=0),
        }
    )
    table["gap"] = (table[["clusters", "valued"]] - printed).abs().min(axis=1)
    return table


def trend(
    metric: str = "16_bit", cluster_filter: str = "standard_analysis", until: str = "2025-05-31"
) -> pd.Series:
    """Return China's share of the clusters running at each quarter's end since March 2022.

    Per cent, the last one at `until`.
    """
    ends = [*pd.date_range("2022-03-31", until, freq="QE").strftime("%Y-%m-%d")]
    ends += [until] if until not in ends else []
    listed = tables.load("gpu_clusters")
    return pd.Series(
        {
            day: shares(operating(day, cluster_filter, listed=listed), metric).get("China", 0.0)
            for day in ends
        },
        name="China",
    )
