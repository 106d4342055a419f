"""Known faults of what the application is installed from; `make audit` runs it.

pip-audit asks for the advisories of each pinned version. Mirrors of the registry often do not
serve that address, but the one of the project, which has the advisories of its newest version: so
a dependency that pip-audit could not ask about is asked about there, and counts as looked at where
the newest version is the pinned one. What was not looked at is named. Ends with 1 where a fault is
known, and with 3 where the registry did not answer for a dependency.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "https://pypi.org/pypi/{name}/json"
SILENT = "the registry does not answer for it"


def main() -> int:
    """Print what is known of each dependency, the sources and the day."""
    asked = [_asked_elsewhere(found) for found in _pip_audit()]
    faults = [(found, fault) for found in asked for fault in found.get("vulns", [])]
    unknown = [found for found in asked if "vulns" not in found]
    for found, fault in faults:
        fixed = ", ".join(fault["fix_versions"]) or "none yet"
        print(f"{found['name']} {found['version']}: {fault['id']}, fixed in: {fixed}")
    for found in unknown:
        print(f"{found['name']} {found['version']}: not looked at, {found['why']}")
    direct = sum("by" not in found for found in asked)
    newest = sum(found.get("by") == "project" and "vulns" in found for found in asked)
    print(
        f"{len(asked)} dependencies on {datetime.now(UTC):%Y-%m-%d}: {len(faults)} known faults; "
        f"{direct} asked about by version, {newest} as the newest version of their project, "
        f"{len(unknown)} not looked at"
    )
    silent = any(found["why"].startswith(SILENT) for found in unknown)
    return 1 if faults else 3 if silent else 0


def _pip_audit() -> list[dict[str, Any]]:
    """What pip-audit finds for the pinned requirements and all that they bring along."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--format",
            "json", "--no-deps", "--progress-spinner", "off",
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        raise SystemExit(f"pip-audit could not be asked:\n{done.stderr.strip()}") from None
    return found


def _asked_elsewhere(found: dict[str, Any]) -> dict[str, Any]:
    """The same dependency, with what its project's newest version is known for where need be."""
    if "skip_reason" not in found:
        return found
    version = found["skip_reason"].rpartition("(")[2].rstrip(")")
    found = {"name": found["name"], "version": version, "by": "project"}
    try:
        answer = requests.get(PROJECT.format(name=found["name"]), timeout=30)
        answer.raise_for_status()
        told = answer.json()
    except (requests.RequestException, ValueError) as error:
        return found | {"why": f"{SILENT} ({error})"}
    newest = told["info"]["version"]
    if newest != version:
        return found | {"why": f"the registry here tells of the newest version only, {newest}"}
    faults = [
        {"id": fault["id"], "fix_versions": fault["fixed_in"]} for fault in told["vulnerabilities"]
    ]
    return found | {"vulns": faults}


if __name__ == "__main__":
    sys.exit(main())
