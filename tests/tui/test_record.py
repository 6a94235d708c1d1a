"""What was done with each scenario is remembered, for those who have a place to remember it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradwalk.tui import record as module
from gradwalk.tui.done import Done
from gradwalk.tui.record import MemoryRecord, Record, RecordFile


def test_another_run_finds_what_was_done() -> None:
    first = Record(RecordFile())
    assert first.of("fabc") is None
    assert first.note("fabc", Done.OPENED) == ""
    first.note("fabc", Done.WALKED)
    first.note("fabc", Done.OPENED)
    assert first.of("fabc") == Record(RecordFile()).of("fabc") == Done.WALKED


def test_two_at_once_lose_nothing_of_one_another() -> None:
    one, other = Record(RecordFile()), Record(RecordFile())
    assert one.of("a") is other.of("a") is None
    one.note("a", Done.WALKED)
    other.note("b", Done.OPENED)
    other.note("a", Done.OPENED)
    again = Record(RecordFile())
    assert (again.of("a"), again.of("b")) == (Done.WALKED, Done.OPENED)


def test_what_was_used_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    record = Record(RecordFile())
    for place in "abc":
        record.note(place, Done.OPENED)
    assert list(RecordFile().load()) == ["b", "c"]


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": "flown"}', b"\xff\xfe", b'{"a": 1}'])
def test_a_file_that_cannot_be_read_counts_as_none(content: bytes) -> None:
    path = RecordFile().path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert Record(RecordFile()).of("a") is None


def test_a_place_that_cannot_be_written_is_a_sentence_and_it_counts_for_this_run(tmp_path: Path) -> None:
    path = RecordFile().path
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("a file where the folder would be")
    record = Record(RecordFile())
    assert "what was done cannot be remembered" in record.note("a", Done.OPENED)
    assert record.of("a") == Done.OPENED


def test_a_guest_leaves_no_trace() -> None:
    Record(MemoryRecord()).note("fabc", Done.WALKED)
    assert not RecordFile().path.exists()
