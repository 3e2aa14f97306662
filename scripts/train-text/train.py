"""Trains the text models that squall ships. See README.md beside this file."""

import argparse
import base64
import json
import math
import os
import re
from collections import Counter, defaultdict
from pathlib import Path

# One thread: the order of floating-point sums, and so the trained weights, must not depend on the number of cores.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds
from sklearn.linear_model import LogisticRegression

from sources import NOVEL, novel_lines, rated_texts
from tokens import bucket, sentiment_features, words

LABELS = ("negative", "neutral", "positive")
# A mean rating this far from zero is a sentiment.
NEUTRAL_WITHIN = 0.5
SENTIMENT_BUCKETS = 1 << 16
# Share of its rating that a word keeps, turned around, after a negation.
NEGATED = -0.5
INVERSE_REGULARISATION = 2.0

EMBEDDING_BUCKETS = 1 << 12
EMBEDDING_DIMENSIONS = 64
SEED = 20240229

# Some of the rated messages swear; those are not among the samples that squall ships.
COARSE = re.compile(r"fuck|shit|bitch|\bass\b|asshole|damn|nigg|sex|cock|dick|cunt|slut|whore|fag|porn|piss|\bhell\b|crap|rape|nude|\bgay", re.I)
SAMPLE_KIND = "message"

NOVEL_HELD_OUT = 0.1
PARAGRAPH_END = "\n"


def label_of(rating):
    return 0 if rating < -NEUTRAL_WITHIN else 2 if rating > NEUTRAL_WITHIN else 1


def rounded(value):
    """Four digits: what lies beyond them hangs on the processor."""
    return float(f"{value:.4g}")


def packed(matrix, step):
    return base64.b64encode(np.clip(np.round(matrix / step), -127, 127).astype(np.int8).tobytes()).decode()


def write(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def train_sentiment(texts, lexicon, out):
    """Logistic regression on hashed words and pairs, and on the sum of the lexicon's ratings of the words."""

    def rating_of(feature):
        return NEGATED * lexicon.get(feature[4:], 0.0) if feature.startswith("not_") else lexicon.get(feature, 0.0)

    starts, columns, values = [0], [], []
    for text in texts:
        features = set(sentiment_features(text.text))
        buckets = sorted({bucket(feature, SENTIMENT_BUCKETS) for feature in features})
        norm = math.sqrt(len(buckets)) or 1.0
        columns += [*buckets, SENTIMENT_BUCKETS]
        values += [1.0 / norm] * len(buckets) + [sum(rating_of(feature) for feature in sorted(features)) / norm]
        starts.append(len(columns))
    inputs = csr_matrix((values, columns, starts), shape=(len(texts), SENTIMENT_BUCKETS + 1))
    labels = np.array([label_of(text.rating) for text in texts])
    held_out = np.array([text.is_held_out for text in texts])
    trained = LogisticRegression(C=INVERSE_REGULARISATION, solver="newton-cg", tol=1e-9, max_iter=1000).fit(inputs[~held_out], labels[~held_out])

    # Against neutral: a softmax knows differences alone.
    weights = (trained.coef_ - trained.coef_[1])[[0, 2]]
    bias = (trained.intercept_ - trained.intercept_[1])[[0, 2]]
    per_feature = weights[:, :SENTIMENT_BUCKETS]
    step = rounded(np.abs(per_feature).max() / 127)
    write(
        out / "sentiment.json",
        {
            "about": "Sentiment: weights of negative and of positive against neutral, int8 in steps, one pair a bucket; and words with their rating in tenths. scripts/train-text.",
            "buckets": SENTIMENT_BUCKETS,
            "step": step,
            "bias": [rounded(value) for value in bias],
            "ratingWeights": [rounded(value) for value in weights[:, SENTIMENT_BUCKETS]],
            "negated": NEGATED,
            "words": " ".join(lexicon),
            "ratings": packed(np.array(list(lexicon.values())), 0.1),
            "weights": packed(per_feature.T, step),
        },
    )
    samples = [
        {"text": text.text, "label": LABELS[label_of(text.rating)]}
        for text in texts
        if text.is_held_out and text.kind == SAMPLE_KIND and not COARSE.search(text.text)
    ]
    lines = ",\n".join(json.dumps(sample, ensure_ascii=False) for sample in samples)
    source = "Hutto and Gilbert 2014, tweets_GroundTruth.txt of vaderSentiment (MIT); held-out part, scripts/train-text"
    (out / "sentiment-samples.json").write_text(f'{{"source":{json.dumps(source)},\n"samples":[\n{lines}\n]}}\n')

    quantised = np.clip(np.round(per_feature / step), -127, 127) * step
    scores = inputs[held_out] @ np.hstack([quantised, weights[:, SENTIMENT_BUCKETS:]]).T + bias
    predicted = np.array([1 if max(pair) <= 0 else 0 if pair[0] > pair[1] else 2 for pair in scores])
    right = predicted == labels[held_out]
    kinds = np.array([text.kind for text in texts])[held_out]
    print(f"sentiment: {right.sum()} of {len(right)} held-out texts ({right.mean():.2%}); largest class {(labels[held_out] == 2).mean():.2%}")
    for kind in sorted(set(kinds)):
        print(f"  {kind}: {right[kinds == kind].sum()} of {(kinds == kind).sum()} ({right[kinds == kind].mean():.2%})")
    polar = labels[held_out] != 1
    two_way = (scores[:, 1] > scores[:, 0]) == (labels[held_out] == 2)
    print(f"  positive or negative, of those that are either: {two_way[polar].sum()} of {polar.sum()} ({two_way[polar].mean():.2%})")


def train_embedding(texts, out):
    """Latent semantic analysis: log word counts in buckets, weighted by rarity, projected on the leading singular vectors."""
    counts = [Counter(bucket(word, EMBEDDING_BUCKETS) for word in words(text.text)) for text in texts]
    held_out = np.array([text.is_held_out for text in texts])
    matrix = csr_matrix(
        (
            [1 + math.log(count) for row in counts for _, count in sorted(row.items())],
            [column for row in counts for column, _ in sorted(row.items())],
            np.cumsum([0, *(len(row) for row in counts)]),
        ),
        shape=(len(texts), EMBEDDING_BUCKETS),
    )
    training = matrix[~held_out]
    found_in = np.asarray((training > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + training.shape[0]) / (1 + found_in)) + 1
    weighted = training.multiply(rarity).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = weighted.multiply(1 / np.maximum(lengths, 1e-12)[:, None]).tocsr()
    start = np.random.RandomState(SEED).uniform(-1, 1, min(weighted.shape))
    _, strengths, directions = svds(weighted, k=EMBEDDING_DIMENSIONS, v0=start)
    directions = directions[np.argsort(-strengths)]
    # The sign of a singular vector is anyone's: its largest part is made positive.
    directions *= np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])[:, None]
    projection = directions.T * rarity[:, None]
    step = rounded(np.quantile(np.abs(projection), 0.9995) / 127)
    write(
        out / "embedding.json",
        {
            "about": "Latent semantic analysis of hashed words: a row of the projection for each bucket, int8 in steps. scripts/train-text.",
            "buckets": EMBEDDING_BUCKETS,
            "dimensions": EMBEDDING_DIMENSIONS,
            "step": step,
            "projection": packed(projection, step),
        },
    )
    quantised = np.clip(np.round(projection / step), -127, 127) * step
    vectors = matrix @ quantised
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)[:, None]
    kinds = np.array([text.kind for text in texts])
    nearest = (vectors[held_out] @ vectors[~held_out].T).argmax(axis=1)
    right = kinds[~held_out][nearest] == kinds[held_out]
    largest = max(Counter(kinds[held_out]).values()) / held_out.sum()
    print(f"embedding: nearest training text is of the same kind for {right.sum()} of {len(right)} held-out texts ({right.mean():.2%}); largest kind {largest:.2%}")


def train_language(lines, out):
    """Counts of word sequences. The file has the words in their order, from which the counts are made when it is loaded."""
    text = "\n".join(lines)
    text = text[text.index("Chapter 1") :]
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    paragraphs = [part for part in paragraphs if part and not re.match(r"(Chapter \d+|Finis)$", part)]
    token = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*\.?(?<=Mr\.)|[A-Za-z]+(?:['-][A-Za-z]+)*\.?(?<=Mrs\.)|[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]+|--|[.,;:!?]")
    tokens = [found for part in paragraphs for found in [*token.findall(part.replace("_", "")), PARAGRAPH_END]]
    cut = int(len(tokens) * (1 - NOVEL_HELD_OUT))
    cut = len(tokens) - tokens[::-1].index(PARAGRAPH_END, len(tokens) - cut)
    training, held_out = tokens[:cut], tokens[cut:]
    vocabulary = [word for word, _ in sorted(Counter(training).items(), key=lambda item: (-item[1], item[0]))]
    numbers = {word: number for number, word in enumerate(vocabulary)}
    write(
        out / "language.json",
        {
            "about": "Jane Austen, Persuasion (1817, public domain), the first nine tenths: numbers of its words in their order, two bytes each, low first. scripts/train-text.",
            "vocabulary": " ".join(word if word != PARAGRAPH_END else "¶" for word in vocabulary),
            "sequence": base64.b64encode(np.array([numbers[word] for word in training], dtype="<u2").tobytes()).decode(),
        },
    )
    print(f"language: {NOVEL}, {len(training)} words of {len(vocabulary)} kinds; perplexity of the {len(held_out)} held out: {perplexity(training, held_out):.0f}")


def perplexity(training, held_out):
    """Of the interpolated trigram model in mocks/models/text/language.ts; a word that training lacks counts as one of a last kind."""
    counts = [defaultdict(Counter) for _ in range(3)]
    for order, table in enumerate(counts):
        for at in range(order, len(training)):
            table[tuple(training[at - order : at])][training[at]] += 1
    kinds = len(set(training)) + 1
    total = 0.0
    for at in range(2, len(held_out)):
        probability = 1 / kinds
        for order, table in enumerate(counts):
            followers = table.get(tuple(held_out[at - order : at]))
            if followers:
                # Witten-Bell: as much is left to the shorter context as this one has had followers.
                seen = sum(followers.values())
                probability = (followers[held_out[at]] + len(followers) * probability) / (seen + len(followers))
        total -= math.log(probability)
    return math.exp(total / (len(held_out) - 2))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vader", type=Path, required=True, help="vaderSentiment-3.3.2.tar.gz")
    parser.add_argument("--austen", type=Path, required=True, help="Rdata.rdb of r-cran-janeaustenr 1.0.0")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "mocks" / "models" / "text", help="folder to write to")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    texts, lexicon = rated_texts(arguments.vader)
    train_sentiment(texts, lexicon, arguments.out)
    train_embedding(texts, arguments.out)
    train_language(novel_lines(arguments.austen), arguments.out)


if __name__ == "__main__":
    main()
