"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from wattworth.errors import StoreError
from wattworth.placing import placed, refused, replacing, sweep, write_text


def _entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _half(part: Path, error: Exception) -> None:
    part.write_bytes(b"half")
    raise error


def test_a_new_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with placed(path) as part:
        part.write_bytes(b"half")
        assert not path.exists()
        part.write_bytes(b"whole")
    assert path.read_bytes() == b"whole"
    assert _entries(tmp_path) == ["a.pdf"]


def test_a_fault_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), placed(tmp_path / "a.pdf") as part:
        _half(part, ZeroDivisionError())
    assert _entries(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with (
        pytest.raises(StoreError, match=r"a\.pdf: cannot be written: the disk is full"),
        placed(tmp_path / "a.pdf") as part,
    ):
        _half(part, full)
    assert _entries(tmp_path) == []


@pytest.mark.parametrize("link", [False, True])
def test_what_is_there_stays(tmp_path: Path, link: bool) -> None:
    path = tmp_path / "a.pdf"
    path.symlink_to(tmp_path / "nowhere") if link else path.write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"a\.pdf: already exists"), placed(path) as part:
        part.write_bytes(b"other")
    assert path.is_symlink() if link else path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="its folder is not there; make it first"),
        placed(tmp_path / "no" / "a") as part,
    ):
        part.write_bytes(b"")


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_text(path, "old")
    with pytest.raises(ZeroDivisionError), replacing(path) as part:
        _half(part, ZeroDivisionError())
    assert path.read_text(encoding="utf-8") == "old"
    assert _entries(tmp_path) == ["run.json"]


def test_what_was_left_behind_is_swept_folders_too(tmp_path: Path) -> None:
    (tmp_path / ".old.part").mkdir()
    (tmp_path / ".old.part" / "a.pdf").write_bytes(b"half")
    (tmp_path / ".new.part").write_bytes(b"half")
    os.utime(tmp_path / ".old.part", (0, 0))
    sweep(tmp_path)
    assert _entries(tmp_path) == [".new.part"]


@pytest.mark.parametrize(
    ("number", "said"), [(errno.EACCES, "you may not write there"), (errno.EROFS, "read-only"), (errno.EIO, "error")]
)
def test_a_reason_says_what_to_do(number: int, said: str) -> None:
    told = str(refused(Path("a"), OSError(number, os.strerror(number))))
    assert said in told
    assert "--out" in told
