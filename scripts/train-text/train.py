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
from tokens import bucket, fnv1a, sentiment_features, words

LABELS = ("negative", "neutral", "positive")
# A mean rating this far from zero is a sentiment.
NEUTRAL_WITHIN = 0.5
SENTIMENT_BUCKETS = 1 << 16
# Share of its rating that a word keeps, turned around, after a negation.
NEGATED = -0.5
INVERSE_REGULARISATION = 2.0
# How much likelier than the regression says a text is neutral, as a logarithm: chosen on training texts that were left out in turn.
NEUTRAL_BONUSES = np.arange(0, 3.01, 0.1)
FOLDS = 4

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


def label_scores(scores, bonus):
    return np.where(scores.max(axis=1) <= bonus, 1, np.where(scores[:, 0] > scores[:, 1], 0, 2))


def recalls(predicted, labels):
    return [np.mean(predicted[labels == label] == label) for label in range(3)]


def mean_f1(predicted, labels):
    return np.mean([2 * np.sum((predicted == label) & (labels == label)) / max(1, np.sum(predicted == label) + np.sum(labels == label)) for label in range(3)])


def opinions_right(predicted, labels):
    """Share of the texts called negative or positive that are."""
    opinions = predicted != 1
    return np.mean(predicted[opinions] == labels[opinions])


def neutral_bonuses(scores, labels, is_rated):
    """Most of the texts are opinions, and the regression alone takes what says nothing for one of them. With a rated word, a text is an opinion
    from where the three labels are found best (mean F1) on; without one, from where that is right as often as with one."""
    rated_scores, rated_labels = scores[is_rated], labels[is_rated]
    rated = max(NEUTRAL_BONUSES, key=lambda bonus: round(float(mean_f1(label_scores(rated_scores, bonus), rated_labels)), 4))
    wanted = opinions_right(label_scores(rated_scores, rated), rated_labels)
    unrated = next(bonus for bonus in NEUTRAL_BONUSES if opinions_right(label_scores(scores[~is_rated], bonus), labels[~is_rated]) >= wanted)
    return {"unrated": rounded(unrated), "rated": rounded(rated)}


def train_sentiment(texts, lexicon, out):
    """Logistic regression on hashed words and pairs, and on the sum of the lexicon's ratings of the words; and what a text without a rated
    word, and one with, needs to count as an opinion."""

    def rating_of(feature):
        return NEGATED * lexicon.get(feature[4:], 0.0) if feature.startswith("not_") else lexicon.get(feature, 0.0)

    starts, columns, values, is_rated = [0], [], [], []
    for text in texts:
        features = set(sentiment_features(text.text, lexicon))
        buckets = sorted({bucket(feature, SENTIMENT_BUCKETS) for feature in features})
        norm = math.sqrt(len(buckets)) or 1.0
        columns += [*buckets, SENTIMENT_BUCKETS]
        values += [1.0 / norm] * len(buckets) + [sum(rating_of(feature) for feature in sorted(features)) / norm]
        is_rated.append(any(rating_of(feature) for feature in features))
        starts.append(len(columns))
    inputs = csr_matrix((values, columns, starts), shape=(len(texts), SENTIMENT_BUCKETS + 1))
    labels = np.array([label_of(text.rating) for text in texts])
    held_out = np.array([text.is_held_out for text in texts])
    is_rated = np.array(is_rated)

    def fit(chosen):
        """Weights and bias against neutral: a softmax knows differences alone."""
        trained = LogisticRegression(C=INVERSE_REGULARISATION, solver="newton-cg", tol=1e-9, max_iter=1000).fit(inputs[chosen], labels[chosen])
        return (trained.coef_ - trained.coef_[1])[[0, 2]], (trained.intercept_ - trained.intercept_[1])[[0, 2]]

    weights, bias = fit(~held_out)
    fold = np.array([fnv1a(f"fold {text.text}") % FOLDS for text in texts])
    left_out = np.zeros((len(texts), 2))
    for number in range(FOLDS):
        fold_weights, fold_bias = fit(~held_out & (fold != number))
        chosen = ~held_out & (fold == number)
        left_out[chosen] = inputs[chosen] @ fold_weights.T + fold_bias
    bonuses = neutral_bonuses(left_out[~held_out], labels[~held_out], is_rated[~held_out])
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
            "neutral": bonuses,
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
    bonus = np.where(is_rated[held_out], bonuses["rated"], bonuses["unrated"])
    predicted = label_scores(scores, bonus)
    right = predicted == labels[held_out]
    kinds = np.array([text.kind for text in texts])[held_out]
    print(f"sentiment: {right.sum()} of {len(right)} held-out texts ({right.mean():.2%}); largest class {(labels[held_out] == 2).mean():.2%}")
    for kind in sorted(set(kinds)):
        print(f"  {kind}: {right[kinds == kind].sum()} of {(kinds == kind).sum()} ({right[kinds == kind].mean():.2%})")
    print(f"  neutral bonus: {bonuses}; recall of negative, neutral, positive: " + ", ".join(f"{recall:.2%}" for recall in recalls(predicted, labels[held_out])))
    plain = label_scores(scores, 0)
    print(f"  without it: {np.mean(plain == labels[held_out]):.2%}; recall " + ", ".join(f"{recall:.2%}" for recall in recalls(plain, labels[held_out])))
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
