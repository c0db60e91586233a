"""Captures of other machines, each under its machine's name."""

from __future__ import annotations

import pytest

from crawler.captures.adopt import adopt
from crawler.errors import ArchiveError
from tests.captures.again import archive

PAGE = ("https://republika.co.id/berita/rgmwym370/harga", 200, "<p>Harga kedelai naik.</p>")


def bring(origin, names, folder):
    return adopt(names, origin, folder, lambda _: None)


@pytest.fixture
def origin(tmp_path):
    return archive(tmp_path / "east", PAGE)


def test_a_file_is_linked_and_once_there_it_stays(origin, tmp_path):
    (file,) = origin.iterdir()
    folder = tmp_path / "captures" / "east"
    for _ in range(2):
        assert bring(origin, [file.name], folder) == []
        assert [path.name for path in folder.iterdir()] == [file.name]
        assert (folder / file.name).samefile(file)


def test_a_copy_of_a_file_that_has_grown_is_brought_up_to_date(origin, tmp_path):
    (file,) = origin.iterdir()
    folder = tmp_path / "captures" / "east"
    folder.mkdir(parents=True)
    copy = folder / file.name
    copy.write_bytes(file.read_bytes())
    file.write_bytes(file.read_bytes() * 2)
    assert bring(origin, [file.name], folder) == []
    assert copy.read_bytes() == file.read_bytes()
    file.unlink()
    file.write_bytes(copy.read_bytes()[:100])  # what is here has more
    assert bring(origin, [file.name], folder) == []
    assert len(copy.read_bytes()) > 1000


def test_another_file_of_the_same_name_is_refused_before_anything_is_linked(origin, tmp_path):
    (file,) = origin.iterdir()
    other = archive(tmp_path / "other", PAGE)
    (another,) = other.iterdir()
    another.rename(other / file.name)
    (other / "a.warc.gz").write_bytes(file.read_bytes())
    folder = tmp_path / "captures" / "east"
    bring(origin, [file.name], folder)
    with pytest.raises(ArchiveError, match=r"is another file than .*: give its machine a new name"):
        bring(other, ["a.warc.gz", file.name], folder)
    assert [path.name for path in folder.iterdir()] == [file.name]


def test_what_is_nowhere_is_told_and_what_is_here_already_is_not(origin, tmp_path):
    (file,) = origin.iterdir()
    folder = tmp_path / "captures" / "east"
    assert bring(origin, [file.name, "lost.warc.gz"], folder) == ["lost.warc.gz"]
    assert bring(None, [file.name, "lost.warc.gz"], folder) == ["lost.warc.gz"]


def test_a_name_that_leads_out_of_the_folder_is_refused(origin, tmp_path):
    (tmp_path / "secret.warc.gz").write_bytes(b"rahasia")
    folder = tmp_path / "captures" / "east"
    with pytest.raises(ArchiveError, match=r"leads out of the captures of"):
        bring(origin, ["../secret.warc.gz"], folder)
    assert not (tmp_path / "captures").exists()


def test_of_a_symbolic_link_the_file_is_linked(origin, tmp_path):
    (file,) = origin.iterdir()
    (origin / "link.warc.gz").symlink_to(file.name)
    folder = tmp_path / "captures" / "east"
    assert bring(origin, ["link.warc.gz"], folder) == []
    assert (folder / "link.warc.gz").samefile(file)
