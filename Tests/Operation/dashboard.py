"""monitoring/grafana.json against Grafana's own schema, against a Prometheus that scrapes the stack, and against the report.

dashboard.py FILE PROMETHEUS REPORT SECRET: prints a line for each fault and ends with 1 where there is any. Grafana itself is in no package
that can be reached; it is its schema (of 10.1) that is asked.
"""

import copy
import json
import sys
import time
import urllib.parse
import urllib.request

import grafana_foundation_sdk.cog.plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

# Each figure of the status page: the panel that shows it, and where the report has it.
FIGURES = {
    "Success rate": lambda r: percent(r["health"]["successRatePercent"]),
    "…without bad uploads": lambda r: percent(r["health"]["successRateWithoutBadUploadsPercent"]),
    "…of the last 24 hours": lambda r: percent(r["health"]["lastDay"]["successRateWithoutBadUploadsPercent"]),
    "In work": lambda r: r["health"]["processingCount"],
    "Waiting": lambda r: r["health"]["pendingCount"],
    "Failed": lambda r: r["health"]["failedCount"],
    "For good": lambda r: r["exhaustedCount"],
    "Mean time": lambda r: r["health"]["avgGenerationTimeSeconds"],
    "95 % take at most": lambda r: r["health"]["lastDay"]["p95Seconds"],
    "Results kept": lambda r: r["queue"]["kept"],
    "Lost leases": lambda r: r["queue"]["expiredLeases"],
    "Generation": lambda r: int(r["enabled"]),
    "Hosts without a box": lambda r: len(r["workers"]["unboxedHosts"]),
    "Relay": lambda r: int(r["relay"]["state"] == "listening"),
}


def percent(value):
    return round(value / 100, 4)


def unknown_to_grafana(dashboard):
    """What of it Grafana's types do not know, or keep otherwise, as paths."""
    kept = json.loads(JSONEncoder(sort_keys=True).encode(Dashboard.from_json(copy.deepcopy(dashboard))))

    def compare(ours, theirs, path):
        if isinstance(ours, dict) and isinstance(theirs, dict):
            for key, value in ours.items():
                yield from compare(value, theirs[key], f"{path}/{key}") if key in theirs else [f"{path}/{key}"]
        elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
            for index, (left, right) in enumerate(zip(ours, theirs)):
                yield from compare(left, right, f"{path}/{index}")
        elif ours != theirs:
            yield path

    return list(compare(dashboard, kept, ""))


def overlapping(panels):
    """Pairs of panels that cover each other, and panels that are wider than the grid."""
    places = [(p["title"], p["gridPos"]) for p in panels]
    for index, (title, a) in enumerate(places):
        if a["x"] + a["w"] > 24:
            yield f"{title} is too wide"
        for other, b in places[index + 1 :]:
            if a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]:
                yield f"{title} covers {other}"


def answer(url, secret=None):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {secret}"} if secret else {})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)["data"]


def query(prometheus, expression):
    return answer(f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': expression})}")["result"]


def differing(prometheus, report, secret, panels):
    """Figures that are not those of the report."""
    seen = answer(report, secret)
    for title, wanted in FIGURES.items():
        result = query(prometheus, panels[title]["targets"][0]["expr"])
        shown = [float(series["value"][1]) for series in result]
        if shown != [wanted(seen)]:
            yield f"{title} shows {shown}, the report says {wanted(seen)}"


def main():
    file, prometheus, report, secret = sys.argv[1:]
    with open(file, encoding="utf-8") as text:
        dashboard = json.load(text)
    grafana_foundation_sdk.cog.plugins.register_default_plugins()
    faults = []

    # What the check itself must find.
    planted = copy.deepcopy(dashboard)
    planted["panels"][1]["optionz"] = {}
    planted["panels"][1]["options"]["reduceOptions"]["calcz"] = []
    planted["panels"][1]["targets"][0]["expression"] = "up"
    if len(unknown_to_grafana(planted)) != 3:
        faults.append(f"planted faults are not found: {unknown_to_grafana(planted)}")

    faults += [f"Grafana does not know {path}" for path in unknown_to_grafana(dashboard)]
    faults += overlapping(dashboard["panels"])
    panels = {p["title"]: p for p in dashboard["panels"]}
    if len({p["id"] for p in dashboard["panels"]}) != len(panels) or len(panels) != len(dashboard["panels"]):
        faults.append("two panels have one id or title")

    expressions = 0
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            expressions += 1
            if not query(prometheus, target["expr"]):
                faults.append(f"{panel['title']}: nothing comes of {target['expr']}")
    if expressions < 30:
        faults.append(f"only {expressions} expressions")

    # What is shown may be ten seconds old here and there.
    for _ in range(60):
        others = list(differing(prometheus, report, secret, panels))
        if not others:
            break
        time.sleep(1)
    faults += others
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(main())
