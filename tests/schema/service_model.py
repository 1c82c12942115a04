"""Reads the AWS service models that python3-botocore installs.

A model (service-2.json) lists every operation with the shape of what it returns, in the
order in which the AWS CLI prints it. Shapes may contain themselves, so the walk is cut at
a shape that is already open.
"""

import json
import os

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


def in_order(model, shape_name, value, path=""):
    """A copy of value with its keys in model order; an unknown key is an error."""
    shape = model["shapes"][shape_name]
    if shape["type"] == "list":
        inner = shape["member"]["shape"]
        return [in_order(model, inner, item, path + "[]") for item in value]
    if shape["type"] != "structure":
        return value
    unknown = sorted(set(value) - set(shape["members"]))
    if unknown:
        raise KeyError(f"{path}: no such key: {', '.join(unknown)}")
    return {name: in_order(model, member["shape"], value[name], path + "." + name)
            for name, member in shape["members"].items() if name in value}
