"""The texts that the models are trained on, read from the packages that carry them. Licences: mocks/models/README.md."""

import html
import io
import struct
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from tokens import fnv1a, words

VADER = "vaderSentiment-3.3.2"
# The editorials of the same archive are left out: they are a newspaper's, and their ratings hardly follow from the words.
SOURCES = {"message": "tweets", "movie review": "movieReviewSnippets", "product review": "amazonReviewSnippets"}
# One text in five is held out, by a hash of its name: the split does not hang on the order of lines.
HELD_OUT_ONE_IN = 5
NOVEL = "persuasion"
NOVELS = ("emma", "mansfieldpark", "northangerabbey", "persuasion", "prideprejudice", "sensesensibility")


@dataclass(frozen=True)
class Rated:
    kind: str
    text: str
    # Mean of at least 20 raters, -4 extremely negative .. 4 extremely positive.
    rating: float
    is_held_out: bool


def rated_texts(sdist: Path):
    """Every rated text, and the lexicon: words with their mean rating."""
    with tarfile.open(sdist) as package:
        lexicon_text = package.extractfile(f"{VADER}/vaderSentiment/vader_lexicon.txt").read().decode()
        archive = package.extractfile(f"{VADER}/additional_resources/hutto_ICWSM_2014.tar.gz").read()
    texts = []
    with tarfile.open(fileobj=io.BytesIO(archive)) as data:
        for kind, name in SOURCES.items():
            lines = data.extractfile(f"hutto_ICWSM_2014/{name}_GroundTruth.txt").read().decode("latin-1")
            for line in lines.splitlines():
                number, rating, text = line.split("\t")
                held_out = fnv1a(f"{name}/{number}") % HELD_OUT_ONE_IN == 0
                texts.append(Rated(kind, html.unescape(text), float(rating), held_out))
    lexicon = {}
    for line in lexicon_text.splitlines():
        entry, rating = line.split("\t")[:2]
        found = words(entry)
        if len(found) == 1:
            lexicon.setdefault(found[0], round(float(rating), 1))
    return texts, lexicon


def novel_lines(package_data: Path):
    """Lines of a novel. The R package keeps each as a vector of strings: a compressed XDR serialisation after its length."""
    stored = package_data.read_bytes()
    offset = 0
    for name in NOVELS:
        unpacker = zlib.decompressobj()
        serialised = unpacker.decompress(stored[offset + 4 :]) + unpacker.flush()
        offset = len(stored) - len(unpacker.unused_data)
        if name == NOVEL:
            return strings_of(serialised)
    raise SystemExit(f"{package_data} has no {NOVEL}")


def strings_of(serialised):
    # After the header comes the type of the vector (16: strings) and its length, then each string with flags and length.
    at = serialised.index(b"UTF-8") + len(b"UTF-8")
    kind, count = struct.unpack_from(">II", serialised, at)
    if kind & 0xFF != 16:
        raise SystemExit("not a vector of strings")
    at += 8
    lines = []
    for _ in range(count):
        (length,) = struct.unpack_from(">i", serialised, at + 4)
        lines.append(serialised[at + 8 : at + 8 + length].decode())
        at += 8 + length
    return lines
