"""Trains the digit models that squall ships and exports them to ONNX. See README.md beside this file."""

import argparse
import json
import os
from pathlib import Path

# One thread: the order of floating-point sums, and so the trained weights, must not depend on the number of cores.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SPLIT_SEED = 20240229
TRAINING_SEED = 7
HELD_OUT_SAMPLES = 540
# Pixels are intensities 0..16.
INTENSITY_MAX = 16.0
# Old enough for every ONNX Runtime of the last years, new enough for Softmax on any axis.
OPSET = 13
IR_VERSION = 8

SOURCE = (
    "Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak), UCI Machine Learning Repository, CC BY 4.0, "
    "as bundled with scikit-learn (load_digits); held-out split of scripts/train-digits/train.py"
)


def constant(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


def classifier(name, nodes, constants):
    """A model from `pixels` [n, 64] (intensities 0..16) to `probabilities` [n, 10]."""
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 64])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 10])],
        constants,
    )
    model = helper.make_model(
        graph,
        producer_name="squall",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    checker.check_model(model, full_check=True)
    return model


def train_digits(pixels, labels):
    """The accurate model: one hidden layer of 128."""
    trained = MLPClassifier((128,), alpha=1e-2, max_iter=400, random_state=TRAINING_SEED)
    trained.fit(pixels / INTENSITY_MAX, labels)
    (weights1, weights2), (bias1, bias2) = trained.coefs_, trained.intercepts_
    model = classifier(
        "digits",
        [
            helper.make_node("Gemm", ["pixels", "weights1", "bias1"], ["hidden"]),
            helper.make_node("Relu", ["hidden"], ["activated"]),
            helper.make_node("Gemm", ["activated", "weights2", "bias2"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        ],
        [
            # The scaling of the pixels is folded into the first layer.
            constant("weights1", (weights1 / INTENSITY_MAX).astype(np.float32)),
            constant("bias1", bias1.astype(np.float32)),
            constant("weights2", weights2.astype(np.float32)),
            constant("bias2", bias2.astype(np.float32)),
        ],
    )
    return model, lambda held_out: trained.predict(held_out / INTENSITY_MAX)


def train_digits_small(pixels, labels):
    """The fallback: the image at a quarter of its resolution (4x4), then one linear layer; 170 parameters."""

    def pool(images):
        return images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16) / INTENSITY_MAX

    trained = LogisticRegression(C=1.0, max_iter=2000).fit(pool(pixels), labels)
    model = classifier(
        "digits-small",
        [
            helper.make_node("Reshape", ["pixels", "image_shape"], ["image"]),
            helper.make_node("AveragePool", ["image"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
            helper.make_node("Flatten", ["pooled"], ["features"], axis=1),
            helper.make_node("Gemm", ["features", "weights", "bias"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        ],
        [
            constant("image_shape", np.array([-1, 1, 8, 8], dtype=np.int64)),
            constant("weights", (trained.coef_.T / INTENSITY_MAX).astype(np.float32)),
            constant("bias", trained.intercept_.astype(np.float32)),
        ],
    )
    return model, lambda held_out: trained.predict(pool(held_out))


def write_samples(path, pixels, labels):
    """One sample a line, so that a difference shows as one."""
    lines = (
        json.dumps({"pixels": [int(value) for value in row], "label": int(label)}, separators=(",", ":"))
        for row, label in zip(pixels, labels)
    )
    path.write_text('{"source":' + json.dumps(SOURCE) + ',\n"samples":[\n' + ",\n".join(lines) + "\n]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "mocks" / "models", help="folder to write to")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    pixels, labels = load_digits(return_X_y=True)
    training, held_out, training_labels, held_out_labels = train_test_split(
        pixels, labels, test_size=HELD_OUT_SAMPLES, random_state=SPLIT_SEED, stratify=labels
    )
    for name, train in (("digits", train_digits), ("digits-small", train_digits_small)):
        model, predict = train(training, training_labels)
        (out / f"{name}.onnx").write_bytes(model.SerializeToString())
        correct = int((predict(held_out) == held_out_labels).sum())
        print(f"{name}: {correct} of {len(held_out_labels)} held-out samples correct ({correct / len(held_out_labels):.2%})")
    write_samples(out / "digits-samples.json", held_out, held_out_labels)


if __name__ == "__main__":
    main()
