"""Words and hashes, the same as in mocks/models/text/tokens.ts: what one trains, the other must find again."""

import re
import unicodedata

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+|[!?]+|[:;=][-']?[()dp/]")
CLAUSE_END = re.compile(r"[.,;:!?]")
NEGATIONS = {"no", "not", "never", "nothing", "nobody", "none", "neither", "nor", "without", "hardly", "barely", "cannot"}
# How many words after a negation it turns around, unless the clause ends first.
NEGATION_REACH = 3


def plain(text):
    return unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()


def words(text):
    return WORD.findall(plain(text))


def sentiment_features(text, rated):
    """Words, those within a negation's reach marked, and pairs of neighbours. A negation that turns a rated word around is no word of its own:
    what it does is done to that word, and "not bad" would else be as negative as "not"."""
    found, reach, last_end = [], 0, 0
    lowered = plain(text)
    for match in WORD.finditer(lowered):
        word = match.group()
        if CLAUSE_END.search(lowered, last_end, match.start()):
            reach = 0
        last_end = match.end()
        is_negation = word in NEGATIONS or word.endswith("n't")
        found.append((word, reach > 0, is_negation))
        reach = NEGATION_REACH if is_negation else max(0, reach - 1)
    marked = [
        f"not_{word}" if is_negated else word
        for at, (word, is_negated, is_negation) in enumerate(found)
        if not (is_negation and any(negated and rated.get(other) for other, negated, _ in found[at + 1 : at + 1 + NEGATION_REACH]))
    ]
    return marked + [f"{one} {other}" for one, other in zip(marked, marked[1:])]


def fnv1a(text):
    """FNV-1a, 32 bits, of the text's UTF-8."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def bucket(feature, buckets):
    """FNV's low bits alone mix poorly, so the high half is folded in."""
    value = fnv1a(feature)
    return (value ^ (value >> 16)) % buckets
