import pandas as pd
import pytest

from helpers.evidence.schemas import TableError, count, schema, share, text, validate

SCHEMA = schema(key=["place"], place=text(), papers=count(), share_pct=share())
GOOD = pd.DataFrame(
    {"place": ["China", "France"], "papers": ["3", "4"], "share_pct": ["40.5", "59.5"]}
)


def test_a_good_table_passes_with_its_types():
    assert validate(GOOD, SCHEMA, "x.csv")["papers"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"papers": ["3", "-4"]}, "x.csv: row 3, column papers: .*-4.*"),
        ({"papers": ["3", "1,234"]}, "x.csv: .*papers.*"),
        ({"papers": ["3", "٤x"]}, "x.csv: .*papers.*"),
        ({"share_pct": ["40.5", "159.5"]}, "x.csv: row 3, column share_pct: .*159.5"),
        ({"share_pct": ["40.5", "NaN?"]}, "x.csv: .*share_pct"),
        ({"place": ["China", "China"]}, "x.csv: .*China"),
        ({"place": ["China", None]}, "x.csv: row 3, column place"),
    ],
)
def test_a_bad_value_is_named_with_file_row_and_column(change, said):
    with pytest.raises(TableError, match=said):
        validate(GOOD.assign(**change), SCHEMA, "x.csv")


def test_a_missing_and_an_unknown_column_are_named():
    with pytest.raises(TableError, match="papers"):
        validate(GOOD.drop(columns="papers"), SCHEMA, "x.csv")
    with pytest.raises(TableError, match="extra"):
        validate(GOOD.assign(extra="1"), SCHEMA, "x.csv")
