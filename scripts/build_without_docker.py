#!/usr/bin/env python3
"""Runs the Dockerfile's own steps in a Debian of its own, where no container engine runs.

    sudo scripts/build_without_docker.py FOLDER [--pip-conf FILE] [--bind PATH …] [--keep]

It makes a minimal Debian with Python in FOLDER (debootstrap), does each stage's COPY, RUN, ENV and
USER in a copy of that, starts CMD as that user with the file system read-only but for the volumes
and /tmp, and waits until HEALTHCHECK says that it is well. Needs root, debootstrap and unshare.
What it cannot show: that the base image is there under its name, and what the engine itself adds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parent.parent
READY_S = 180


@dataclass
class Stage:
    """One stage: its name, its steps, and what they leave set."""

    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    found: list[Stage] = []
    for line in filter(None, (line.strip() for line in joined.splitlines())):
        word, _, rest = line.partition(" ")
        if word.upper() == "FROM":
            named = re.search(r" [Aa][Ss] (\S+)", line)
            found.append(Stage(named[1] if named else str(len(found))))
        else:
            found[-1].steps.append((word.upper(), rest.strip()))
    return found


def ignored() -> set[str]:
    """Names that the .dockerignore lets in, at the top."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return {line[1:] for line in lines if line.startswith("!")}


def main() -> int:
    """Build and try the image; 0 where it gets well and writes nowhere else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pip-conf", type=Path, help="how pip reaches its index from here")
    parser.add_argument(
        "--bind", action="append", default=[], help="folders that pip needs while building"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder behind")
    options = parser.parse_args()
    Image.binds = options.bind
    folder = options.folder.resolve()
    base = folder / "base"
    if not (base / "usr/bin/python3").exists():
        say("a minimal Debian …")
        packages = "python3,python3-venv,ca-certificates"
        run(["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(base)])
        # The base image calls it so.
        (base / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    made: dict[str, Path] = {}
    last = Image(base)
    for stage in stages((ROOT / "Dockerfile").read_text()):
        image = Image(folder / stage.name)
        shutil.rmtree(image.root, ignore_errors=True)
        run(["cp", "-a", str(base), str(image.root)])
        if options.pip_conf:
            shutil.copyfile(options.pip_conf, image.root / "etc/pip.conf")
        shutil.copyfile("/etc/resolv.conf", image.root / "etc/resolv.conf")
        for word, rest in stage.steps:
            say(f"[{stage.name}] {word} {rest[:90]}")
            image.step(word, rest, made)
        made[stage.name] = image.root
        last = image
    code = last.serve()
    if not options.keep:
        shutil.rmtree(folder)
    return code


@dataclass
class Image:
    """A root file system and what its steps have set."""

    binds: ClassVar[list[str]] = []

    root: Path
    env: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
    )
    workdir: str = "/"
    user: str = "0:0"
    volumes: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def step(self, word: str, rest: str, made: dict[str, Path]) -> None:
        """Do one step."""
        match word:
            case "WORKDIR":
                self.workdir = rest
                (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                for pair in shlex.split(rest):
                    name, _, value = pair.partition("=")
                    self.env[name] = value.replace("$PATH", self.env["PATH"])
            case "USER":
                self.user = rest
            case "VOLUME":
                self.volumes.append(rest)
            case "EXPOSE":
                pass
            case "CMD":
                self.command = json.loads(rest)
            case "HEALTHCHECK":
                self.health = json.loads(rest.partition(" CMD ")[2])
            case "COPY":
                self.copy(rest, made)
            case "RUN":
                self.run(rest)
            case _:
                raise SystemExit(f"this script does not know the step {word}")

    def run(self, rest: str) -> None:
        """Run a step inside."""
        mounts = []
        for own in self.binds:
            (self.root / own.lstrip("/")).mkdir(parents=True, exist_ok=True)
            mounts.append(f"mount --bind -o ro {own} {self.root}{own}")
        inside = shlex.quote(f"cd {self.workdir} && {rest}")
        command = " && ".join([*mounts, f"exec chroot {self.root} /bin/sh -c {inside}"])
        run(["unshare", "--mount", "sh", "-ec", command], env=self.env)

    def copy(self, rest: str, made: dict[str, Path]) -> None:
        """Copy what the step names, of the project or of a stage before."""
        parts = shlex.split(rest)
        source = ROOT
        if parts[0].startswith("--from="):
            source = made[parts.pop(0).removeprefix("--from=")]
        elif missing := [p for p in parts[:-1] if p not in ignored()]:
            raise SystemExit(f".dockerignore keeps out what is copied: {missing}")
        target = self.root / str(Path(self.workdir, parts[-1])).lstrip("/")
        for name in parts[:-1]:
            own = source / name.lstrip("/")
            to = target / own.name if parts[-1].endswith("/") or len(parts) > 2 else target
            to.parent.mkdir(parents=True, exist_ok=True)
            if own.is_dir():
                shutil.copytree(
                    own,
                    to,
                    dirs_exist_ok=True,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
                )
            else:
                shutil.copyfile(own, to)

    def serve(self) -> int:
        """Start CMD as USER on a read-only root, and ask HEALTHCHECK; 0 where it gets well."""
        uid, _, gid = self.user.partition(":")
        mounts = [f"mount --bind {self.root} {self.root}", f"mount -o remount,ro,bind {self.root}"]
        for own in ("/tmp", *self.volumes):  # noqa: S108 - inside the image
            at = f"{self.root}{own}"
            mounts.append(f"mount -t tmpfs -o mode=1777 none {at}")
        mounts.append(f"mount -t proc none {self.root}/proc")
        env = " ".join(f"{k}={shlex.quote(v)}" for k, v in self.env.items())
        inside = f"cd {self.workdir} && exec env -i {env} {shlex.join(self.command)}"
        enter = f"chroot --userspec={uid}:{gid} {self.root} /bin/sh -c {shlex.quote(inside)}"
        say(f"CMD as {self.user}, read-only: {shlex.join(self.command)}")
        server = subprocess.Popen(
            ["unshare", "--mount", "sh", "-ec", " && ".join(mounts) + f" && exec {enter}"],
        )
        check = ["chroot", f"--userspec={uid}:{gid}", str(self.root), *self.health]
        try:
            deadline = time.monotonic() + READY_S
            while subprocess.run(check, env=self.env, capture_output=True, check=False).returncode:
                if server.poll() is not None or time.monotonic() > deadline:
                    say("HEALTHCHECK never got well")
                    return 1
                time.sleep(1)
            say("HEALTHCHECK: well")
            status = Path(f"/proc/{server.pid}/status").read_text()
            say(" ".join(line for line in status.splitlines() if line.startswith(("Uid", "VmRSS"))))
            wrote = subprocess.run(
                ["nsenter", f"--mount=/proc/{server.pid}/ns/mnt", "touch", f"{self.root}/app/x"],
                capture_output=True,
                text=True,
                check=False,
            )
            say(f"a write outside /data and /tmp: {wrote.stderr.strip() or 'WAS POSSIBLE'}")
            return 0 if wrote.returncode else 1
        finally:
            server.send_signal(signal.SIGTERM)
            say(f"stopped on SIGTERM: {server.wait(30)}")


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command; a failure ends the script."""
    subprocess.run(command, check=True, env=env or os.environ)


def say(text: str) -> None:
    """Say what is being done."""
    print(f"== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
