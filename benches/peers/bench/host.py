"""What the figures were measured on."""

import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

WANTED = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "avx_vnni", "amx_bf16", "amx_int8")


def facts(threads):
    cpu = {}
    if Path("/proc/cpuinfo").exists():
        for line in Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines():
            key, _, value = line.partition(":")
            cpu[key.strip()] = value.strip()
    return {
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "cpu": cpu.get("model name") or platform.processor() or platform.machine(),
        "family": f"{cpu.get('cpu family', '?')}/{cpu.get('model', '?')}",
        "instructions": [i for i in WANTED if i in cpu.get("flags", "").split()],
        "cores": len(os.sched_getaffinity(0)), "threads": threads,
        "system": f"{platform.system()} {platform.release()}", "load": list(os.getloadavg()),
        "commit": commit(),
    }


def commit():
    run = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True,
                         cwd=Path(__file__).parent)
    return run.stdout.strip() or None
