"""Runs commands as whole processes and takes the operating system's own account of each."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Figure:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: float  # peak resident MiB; never below this script's own, about 12, which the child inherits


def run(command, cwd, environment, status=0):
    """One run, whose exit status must be as expected; its output is shown only where it is not."""
    with open(cwd / "output.log", "wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, ended, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode != status:
        raise SystemExit(f"{' '.join(map(str, command))} exited with {process.returncode}:\n"
                         + (cwd / "output.log").read_text(errors="replace")[-4000:])
    return Figure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(figures):
    return Figure(*(statistics.median(getattr(one, name) for one in figures) for name in ("wall", "cpu", "memory")))


def side_by_side(runs, contestants):
    """Runs every contestant (label to function that gives a Figure) in turn, `runs` times, after one that is not
    counted; gives label to median. In turn, so that a machine that slows down slows all of them."""
    figures = {label: [] for label in contestants}
    for round in range(runs + 1):
        for label, once in contestants.items():
            figure = once()
            if round > 0:
                figures[label].append(figure)
    return {label: median(of) for label, of in figures.items()}
