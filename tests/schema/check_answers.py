#!/usr/bin/env python3
"""Holds the expected output of `--format aws` against the service model of
DescribeNetworkInsightsAnalyses: members, types, enumerations, and that of every answer at
least the members stand there that a reader of AWS's answers looks at.

    check_answers.py FIXTURES    FIXTURES/*/*.txt whose command has --format aws; a line an
                                 answer, `ok schema NAME` or `not ok schema NAME`
"""

import json
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import service_model  # noqa: E402

OPERATION = "DescribeNetworkInsightsAnalyses"
ALWAYS = ("NetworkInsightsAnalysisId", "NetworkInsightsPathId", "Status", "NetworkPathFound",
          "ForwardPathComponents", "ReturnPathComponents", "Explanations")
PYTHON = {"string": str, "boolean": bool, "integer": int, "list": list, "structure": dict}


def errors_in(model, shape_name, value, path):
    shape = model["shapes"][shape_name]
    kind = PYTHON.get(shape["type"])
    if type(value) is not kind:
        yield f"{path}: {json.dumps(value)[:40]} is not of type {shape['type']}"
    elif shape["type"] == "list":
        for index, item in enumerate(value):
            yield from errors_in(model, shape["member"]["shape"], item, f"{path}[{index}]")
    elif shape["type"] == "structure":
        for name, inner in value.items():
            if name in shape["members"]:
                yield from errors_in(model, shape["members"][name]["shape"], inner,
                                     f"{path}.{name}")
            else:
                yield f"{path}.{name}: AWS has no such member"
    elif "enum" in shape and value not in shape["enum"]:
        yield f"{path}: {value} is none of {', '.join(shape['enum'])}"


def errors_in_answer(model, path):
    with open(path, encoding="utf-8") as file:
        answer = json.load(file)
    output = model["operations"][OPERATION]["output"]["shape"]
    yield from errors_in(model, output, answer, "")
    for analysis in answer["NetworkInsightsAnalyses"]:
        yield from (f"{name}: missing" for name in ALWAYS if name not in analysis)
        numbers = [part["SequenceNumber"] for part in analysis["ForwardPathComponents"]]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"ForwardPathComponents: sequence numbers {numbers}"
        if analysis["NetworkPathFound"] and analysis["Explanations"]:
            yield "Explanations: there are some of a path that was found"
        if not analysis["NetworkPathFound"] and not analysis["Explanations"]:
            yield "Explanations: none of a path that was not found"


def answers(root):
    for folder, _, files in sorted(os.walk(root)):
        for name in sorted(files):
            if name.endswith(".cmd"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    if "--format aws" in file.read():
                        yield path.removesuffix(".cmd") + ".txt"


def main(root):
    model = service_model.load("ec2")
    failed, found = False, False
    for path in answers(root):
        errors = list(errors_in_answer(model, path))
        failed, found = failed or bool(errors), True
        name = os.path.relpath(path, root)
        print(f"{'not ok' if errors else 'ok'} schema {name} is an answer of AWS's shape")
        for error in errors:
            print("# " + error)
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
