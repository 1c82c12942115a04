"""Reads the AWS service models that python3-botocore installs.

A model (service-2.json) lists every operation with the shape of what it returns, in the
order in which the AWS CLI prints it. Shapes may contain themselves, so the walk is cut at
a shape that is already open.
"""

import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
BOTOCORE = "/usr/lib/python3/dist-packages/botocore/data"


def load(service, root=BOTOCORE):
    """The newest model of one service."""
    folder = os.path.join(root, service)
    newest = sorted(os.listdir(folder))[-1]
    with open(os.path.join(folder, newest, "service-2.json"), encoding="utf-8") as file:
        return json.load(file)


def output_members(model, operation):
    """Name and shape name of each top-level key that an operation prints, in order."""
    output = model["operations"][operation].get("output")
    if output is None:
        return []
    members = model["shapes"][output["shape"]].get("members", {})
    return [(name, member["shape"]) for name, member in members.items()]


def walk(model, shape_name, path, open_shapes=()):
    """Yields (path, type) of a shape and of everything inside it, in model order."""
    shape = model["shapes"][shape_name]
    yield path, shape["type"]
    if shape_name in open_shapes:
        return
    inside = open_shapes + (shape_name,)
    if shape["type"] == "structure":
        for name, member in shape["members"].items():
            yield from walk(model, member["shape"], path + "." + name, inside)
    elif shape["type"] == "list":
        yield from walk(model, shape["member"]["shape"], path + "[]", inside)
    elif shape["type"] == "map":
        yield from walk(model, shape["value"]["shape"], path + "{}", inside)


def newer_keys():
    """Paths of members that AWS added after the installed models."""
    with open(os.path.join(HERE, "newer_keys.tsv"), encoding="utf-8") as file:
        return {line.split("\t")[0] for line in file if not line.startswith("#")}


def in_order(model, shape_name, value, path="", newer=frozenset()):
    """A copy of value with its keys in model order, those of `newer` behind them; an
    unknown key is an error."""
    shape = model["shapes"][shape_name]
    if shape["type"] == "list":
        inner = shape["member"]["shape"]
        return [in_order(model, inner, item, path + "[]", newer) for item in value]
    if shape["type"] != "structure":
        return value
    others = [name for name in value if name not in shape["members"]]
    unknown = sorted(name for name in others if f"{path}.{name}" not in newer)
    if unknown:
        raise KeyError(f"{path}: no such key: {', '.join(unknown)}")
    made = {name: in_order(model, member["shape"], value[name], f"{path}.{name}", newer)
            for name, member in shape["members"].items() if name in value}
    return {**made, **{name: value[name] for name in others}}
