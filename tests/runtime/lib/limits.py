# SPDX-License-Identifier: Apache-2.0
"""What limits become in a cgroup, as a table for both versions and all runtimes."""

import pathlib
import re

from runtime import CGROUPS

V2 = (CGROUPS / "cgroup.controllers").exists()
M = 1 << 20
DISK = "254:0"  # /dev/vda of the machine in tests/vm


def of(memory=None, cpu=None, pids=None, io=None, huge=None, unified=None):
    """linux.resources."""
    named = {"memory": memory, "cpu": cpu, "pids": pids, "blockIO": io, "hugepageLimits": huge, "unified": unified}
    return {k: v for k, v in named.items() if v is not None}


# resources; file and content in version 2; file and content in version 1. What a peer of Debian 12 writes
# instead follows by its name, None: it refuses.
TABLE = [
    (of(memory={"limit": 64 * M}), {"memory.max": 64 * M, "memory.swap.max": "max"},
     {"memory/memory.limit_in_bytes": 64 * M}, {}),
    (of(memory={"limit": 64 * M, "swap": 96 * M}), {"memory.max": 64 * M, "memory.swap.max": 32 * M},
     {"memory/memory.limit_in_bytes": 64 * M, "memory/memory.memsw.limit_in_bytes": 96 * M}, {}),
    (of(memory={"limit": 64 * M, "swap": 64 * M}), {"memory.max": 64 * M, "memory.swap.max": 0},
     {"memory/memory.limit_in_bytes": 64 * M, "memory/memory.memsw.limit_in_bytes": 64 * M}, {}),
    (of(memory={"limit": 64 * M, "swap": -1}), {"memory.max": 64 * M, "memory.swap.max": "max"},
     {"memory/memory.limit_in_bytes": 64 * M}, {}),
    # 0 is "not asked for"; crun takes it for a limit.
    (of(memory={"limit": 64 * M, "swap": 0}), {"memory.max": 64 * M, "memory.swap.max": "max"},
     {"memory/memory.limit_in_bytes": 64 * M}, {"crun": None}),
    (of(memory={"limit": -1}), {"memory.max": "max", "memory.swap.max": "max"}, {}, {}),
    (of(memory={"reservation": 16 * M}), {"memory.low": 16 * M},
     {"memory/memory.soft_limit_in_bytes": 16 * M}, {}),
    (of(cpu={"shares": 2}), {"cpu.weight": 1}, {"cpu/cpu.shares": 2}, {}),
    (of(cpu={"shares": 512}), {"cpu.weight": 20}, {"cpu/cpu.shares": 512}, {}),
    (of(cpu={"shares": 1024}), {"cpu.weight": 39}, {"cpu/cpu.shares": 1024}, {}),
    (of(cpu={"shares": 262144}), {"cpu.weight": 10000}, {"cpu/cpu.shares": 262144}, {}),
    (of(cpu={"quota": 20000, "period": 50000}), {"cpu.max": "20000 50000"},
     {"cpu/cpu.cfs_quota_us": 20000, "cpu/cpu.cfs_period_us": 50000}, {}),
    (of(cpu={"quota": 20000}), {"cpu.max": "20000 100000"}, {"cpu/cpu.cfs_quota_us": 20000}, {}),
    (of(cpu={"period": 50000}), {"cpu.max": "max 50000"}, {"cpu/cpu.cfs_period_us": 50000}, {}),
    (of(cpu={"quota": -1}), {"cpu.max": "max 100000"}, {"cpu/cpu.cfs_quota_us": -1}, {}),
    (of(cpu={"cpus": "0", "mems": "0"}), {"cpuset.cpus": "0", "cpuset.mems": "0"},
     {"cpuset/cpuset.cpus": "0", "cpuset/cpuset.mems": "0"}, {}),
    (of(pids={"limit": 50}), {"pids.max": 50}, {"pids/pids.max": 50}, {}),
    (of(pids={"limit": -1}), {"pids.max": "max"}, {"pids/pids.max": "max"}, {}),
    # These versions of the peers know no burst, and runc no idle.
    (of(cpu={"quota": 20000, "burst": 20000}), {"cpu.max": "20000 100000", "cpu.max.burst": 20000},
     {"cpu/cpu.cfs_burst_us": 20000}, {"runc": {"cpu.max.burst": "0", "cpu/cpu.cfs_burst_us": "0"}, "crun": {
         "cpu.max.burst": "0", "cpu/cpu.cfs_burst_us": "0"}}),
    (of(cpu={"idle": 1}), {"cpu.idle": 1}, {"cpu/cpu.idle": 1},
     {"runc": {"cpu.idle": "0", "cpu/cpu.idle": "0"}}),
    (of(io={"weight": 10}), {"io.weight": "default 1"}, {}, {}),
    (of(io={"weight": 500}), {"io.weight": "default 4950"}, {}, {}),
    (of(io={"weight": 1000}), {"io.weight": "default 10000"}, {}, {}),
    (of(io={"throttleReadBpsDevice": [{"major": 254, "minor": 0, "rate": M}],
            "throttleWriteIOPSDevice": [{"major": 254, "minor": 0, "rate": 100}]}),
     {"io.max": f"{DISK} rbps={M} wbps=max riops=max wiops=100"}, {}, {}),
    # The peers leave what is reserved alone.
    (of(huge=[{"pageSize": "2MB", "limit": 4 * M}]), {"hugetlb.2MB.max": 4 * M, "hugetlb.2MB.rsvd.max": 4 * M},
     {}, {"crun": {"hugetlb.2MB.rsvd.max": "max"}, "runc": {"hugetlb.2MB.rsvd.max": "max"}}),
    (of(unified={"memory.high": str(32 * M), "pids.max": "9"}), {"memory.high": 32 * M, "pids.max": 9}, {}, {}),
]


def wanted(row):
    """File: content, of those that this host has."""
    resources, v2, v1, _ = row
    return {k: str(v) for k, v in (v2 if V2 else v1).items()}


def read(name, file):
    """A file of the container's cgroup, in one line; None where there is none."""
    controller, _, rest = file.rpartition("/")
    path = CGROUPS / controller / name / rest
    try:
        return " ".join(path.read_text().split())
    except FileNotFoundError:
        return None


def title(resources):
    return re.sub(r'["{}]', "", str(resources)).replace("'", "").replace("#", "")[:90]


def has_disk():
    return pathlib.Path("/dev/vda").exists()
