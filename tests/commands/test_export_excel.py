"""`scrapy export --excel`: a CSV that Excel opens."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import datetime

from crawler.dates import WIB
from tests.helpers import fill
from tests.records import article

LONG = article(
    "rgm001430",
    title="=HARGA; cabai",
    body="kata " * 8000,
    reporters=["-Contoh", "Kedua"],
    published_at="2022-08-10T08:00:00+07:00",
)


def test_excel_reads_dates_and_lists(run, tmp_path):
    database, path = fill(tmp_path / "a.db", LONG), tmp_path / "a.csv"
    fields = "id,published_at,modified_at,reporters,title,body"
    code, _, err = run("export", "-o", str(path), "--excel", "--fields", fields, database=database)
    assert (code, err) == (0, "")
    text = path.read_bytes()
    assert text.startswith(codecs.BOM_UTF8)
    head, row = csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")
    assert head == fields.split(",")
    published = datetime.strptime(row[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=WIB)
    assert published.isoformat() == LONG.published_at
    assert row[2] == ""
    assert row[3:5] == ["'-Contoh, Kedua", "'=HARGA; cabai"], "no cell is a formula"
    assert len(row[5]) == 32_767


def test_it_is_for_csv_alone(run, tmp_path):
    database = fill(tmp_path / "a.db", LONG)
    code, _, err = run("export", "-o", "x.jsonl", "--excel", database=database)
    assert (code, err.count("\n")) == (2, 1)
    assert "--excel is for CSV" in err
