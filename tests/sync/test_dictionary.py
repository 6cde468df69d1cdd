"""The preset dictionary that both ends hold: a version that was shipped never changes."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import islice
from pathlib import Path

import pytest
import zstandard

PROJECT = Path(__file__).resolve().parent.parent.parent
FILE = PROJECT / "sync/data/dictionary-1.bin"
# Never edit a hash: a peer that holds other bytes under the same number cannot read us. Make version 2 instead.
SHIPPED = {1: "a530078f3c536eec110c97e3023a95ae30719ae69fde01b85da78025f6a321d2"}
RUN = 6  # So many words in a row are no longer a turn of phrase that two writers share by chance.


@pytest.fixture(scope="module")
def dictionary() -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(FILE.read_bytes(), dict_type=zstandard.DICT_TYPE_FULLDICT)


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(islice(words, start, None) for start in range(RUN)), strict=False))


@pytest.mark.parametrize("version", sorted(SHIPPED))
def test_shipped_version_has_the_bytes_it_was_shipped_with(version: int) -> None:
    content = (PROJECT / f"sync/data/dictionary-{version}.bin").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHIPPED[version]
    assert len(content) <= 256 * 1024


def test_text_comes_back_as_it_was(dictionary: zstandard.ZstdCompressionDict) -> None:
    text = "Kính gửi tổng đài 1022: đường vào thôn ngập, xe cấp cứu không qua được.".encode()
    packed = zstandard.ZstdCompressor(level=19, dict_data=dictionary).compress(text)
    assert zstandard.ZstdDecompressor(dict_data=dictionary).decompress(packed) == text


def test_short_text_is_half_as_long_as_without(dictionary: zstandard.ZstdCompressionDict) -> None:
    text = "Trạm y tế xã thông báo lịch tiêm chủng, đề nghị bà con mang theo căn cước công dân.".encode()
    without = len(zstandard.ZstdCompressor(level=3).compress(text))
    assert len(zstandard.ZstdCompressor(level=3, dict_data=dictionary).compress(text)) < without / 2


@pytest.mark.parametrize(
    "measured",
    [
        "tests/benchmarks/text/unseen.txt",
        "tests/benchmarks/text/generated.json",
        "intake_app/data/samples.jsonl",
        "intake_app/data/sample_answers.jsonl",
    ],
)
def test_dictionary_is_made_of_other_text_than_what_is_measured(measured: str) -> None:
    prose = "\n".join(file.read_text(encoding="utf-8") for file in (PROJECT / "sync/data/prose").glob("*.txt"))
    text = (PROJECT / measured).read_text(encoding="utf-8")
    lines = (
        [json.dumps(json.loads(line), ensure_ascii=False) for line in text.splitlines()]
        if "jsonl" in measured
        else [text]
    )
    assert not runs(prose) & set().union(*map(runs, lines))
