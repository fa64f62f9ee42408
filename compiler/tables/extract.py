#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gathers the facts of constants.tsv, errnos.tsv and groups.tsv from a developer's machine.

    extract.py constants > constants.tsv
    extract.py errnos > errnos.tsv
    extract.py groups > groups.tsv

Needs Debian 12 with clang and systemd; gcc-12 for hppa, hppa64, sh4 and s390x (what clang 14 lacks);
linux-libc-dev-ARCH-cross and libc6-dev-ARCH-cross for every directory named in MACHINES (remove
amd64's afterwards: the native compiler looks there before it looks into /usr/include). Headers
are compiled, one at a time, for every architecture; each macro and enumerator that is an integer
constant is asked for its value by placing the digits in an object file. So sizes of types, which
go into ioctl numbers, are the compiler's own, and the byte order does not matter.

The headers are of Linux 6.1; later.h has what came after and matters most.

Two kinds of stand-ins. Debian has no loongarch64: it is riscv64's headers (both take asm-generic's), with
the few that differ overlaid below. s390 and parisc64 are s390x's and parisc's headers, as in
Debian, compiled for 31 and 64 bits.
"""

import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import families  # beside this file

HERE = os.path.dirname(os.path.abspath(__file__))

# Architecture: compiler, include directory under /usr.
MACHINES = {
    "x86": ("clang --target=i686-linux-gnu", "i686-linux-gnu"),
    "x86_64": ("clang --target=x86_64-linux-gnu", "x86_64-linux-gnu"),
    "x32": ("clang --target=x86_64-linux-gnux32", "x86_64-linux-gnux32"),
    "arm": ("clang --target=arm-linux-gnueabihf", "arm-linux-gnueabihf"),
    "aarch64": ("clang --target=aarch64-linux-gnu", "aarch64-linux-gnu"),
    "loongarch64": ("clang --target=riscv64-linux-gnu -Iloongarch64", "riscv64-linux-gnu"),
    "m68k": ("m68k-linux-gnu-gcc-12", "m68k-linux-gnu"),
    "mips": ("clang --target=mips-linux-gnu", "mips-linux-gnu"),
    "mipsel": ("clang --target=mipsel-linux-gnu", "mipsel-linux-gnu"),
    "mips64": ("clang --target=mips64-linux-gnuabi64", "mips64-linux-gnuabi64"),
    "mipsel64": ("clang --target=mips64el-linux-gnuabi64", "mips64el-linux-gnuabi64"),
    "mips64n32": ("clang --target=mips64-linux-gnuabin32", "mips64-linux-gnuabin32"),
    "mipsel64n32": ("clang --target=mips64el-linux-gnuabin32", "mips64el-linux-gnuabin32"),
    "parisc": ("hppa-linux-gnu-gcc-12", "hppa-linux-gnu"),
    "parisc64": ("hppa64-linux-gnu-gcc-12", "hppa-linux-gnu"),
    "ppc": ("clang --target=powerpc-linux-gnu", "powerpc-linux-gnu"),
    "ppc64": ("clang --target=powerpc64-linux-gnu", "powerpc64-linux-gnu"),
    "ppc64le": ("clang --target=powerpc64le-linux-gnu", "powerpc64le-linux-gnu"),
    "riscv64": ("clang --target=riscv64-linux-gnu", "riscv64-linux-gnu"),
    "s390": ("s390x-linux-gnu-gcc-12 -m31 -Is390", "s390x-linux-gnu"),
    "s390x": ("clang --target=s390x-linux-gnu", "s390x-linux-gnu"),
    "sh": ("sh4-linux-gnu-gcc-12 -ml", "sh4-linux-gnu"),
    "sheb": ("sh4-linux-gnu-gcc-12 -mb", "sh4-linux-gnu"),
}

# arch/loongarch/include/uapi/asm/ptrace.h; where riscv64's own header would say something else.
# s390 has no libc, so the list of what its libc lacks is missing.
OVERLAY = {
    "loongarch64/asm/ptrace.h": "#include_next <asm/ptrace.h>\n"
                                "#define PTRACE_SYSEMU 0x1f\n#define PTRACE_SYSEMU_SINGLESTEP 0x20\n",
    "s390/gnu/stubs-32.h": "",
}
# Structures of the architecture's own, whose size riscv64 cannot tell.
NOT_KNOWN = {"loongarch64": re.compile("KVM_[GS]ET_(REGS|SREGS|FPU|ONE_REG|DEBUGREGS|GUEST_DEBUG)$")}

PROBE = r"""
#define D(x, n) "0123456789abcdef"[((unsigned long long)(x) >> 4 * (n)) & 15]
#define PROBE(name, x) static const struct { char n[sizeof(name)], d[18]; } JOIN(probe_, __LINE__) \
    __attribute__((used)) = { name, { ((x) | 0) < 0 ? '-' : '+', \
    DD(x, 14), DD(x, 12), DD(x, 10), DD(x, 8), DD(x, 6), DD(x, 4), DD(x, 2), DD(x, 0), '@' } };
#define DD(x, n) D(x, n + 1), D(x, n)
#define JOIN(a, b) JOIN_(a, b)
#define JOIN_(a, b) a##b
"""


def fail(message):
    sys.exit(f"extract.py: {message}")


def compiler(arch, directory):
    command, include = MACHINES[arch]
    command = command.split()
    if command[0] == "clang":
        command.append("-nostdlibinc")
    else:
        own = subprocess.run(command + ["-print-file-name=include"], capture_output=True, text=True,
                             check=True).stdout.strip()
        command += ["-nostdinc", "-isystem", own, "-ftrack-macro-expansion=0"]
    command = [part.replace("-I", f"-I{directory}/") if part.startswith("-I") else part
               for part in command]
    return command + [f"-I{HERE}", "-w", "-D_GNU_SOURCE", "-isystem", f"/usr/{include}/include"]


def run(command, text):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def candidates(command, include):
    """Names that the headers may define as constants: macro -> its text, enumerator -> its enum."""
    result = run(command + ["-E", "-dD", "-"], include)
    if result.returncode != 0:
        fail(result.stderr)
    names = {}
    for line in result.stdout.splitlines():
        match = re.match(r"#(define|undef) (\w+)(?: (.*))?$", line)
        if match and match[1] == "undef":
            names.pop(match[2], None)
        elif match and match[3]:
            names[match[2]] = match[3]
    code = re.sub(r"(?m)^#.*$", "", result.stdout)
    for tag, body in re.findall(r"\b(enum\b\s*\w*)\s*\{([^{}]*)\}", code):
        for name in re.findall(r"(?:^|,)\s*([A-Z]\w*)", body):
            if names.get(name, name) == name:
                names[name] = tag
    return names


def values(arch, directory, headers, wanted):
    """{name: (value, negative)} of the constants that these headers define for arch, and the ioctl
    numbers among them whose types are lacking."""
    command = compiler(arch, directory)
    include = "".join(f"#if __has_include(<{header}>)\n#include <{header}>\n#endif\n"
                      for header in ["stddef.h", "linux/types.h", "asm/ioctl.h", *headers])
    lacking = set()
    texts = candidates(command, include)
    names = sorted(name for name, text in texts.items() if wanted(name, text))
    with tempfile.TemporaryDirectory(dir=directory) as own:
        output = f"{own}/probe.o"
        while names:
            text = include + PROBE + '#line 1 "probe"\n'
            text += "".join(f'PROBE("@{name}", {name})\n' for name in names)
            limit = "-ferror-limit=0" if command[0] == "clang" else "-fmax-errors=0"
            result = run(command + [limit, "-xc", "-c", "-o", output, "-"], text)
            if result.returncode == 0:
                break
            bad = {int(n) for n in re.findall(r"(?m)^probe:(\d+):.*error:", result.stderr)}
            if not bad:
                fail(f"{arch}: {headers}: {result.stderr}")
            lacking |= {names[i - 1] for i in bad if families.is_ioctl(names[i - 1], texts[names[i - 1]])}
            names = [name for i, name in enumerate(names, 1) if i not in bad]
        data = b""
        if names:
            with open(output, "rb") as file:
                data = file.read()
    found = {}
    for name, sign, digits in re.findall(rb"@(\w+)\0([-+])([0-9a-f]{16})@", data):
        value = int(digits, 16)
        # 1 << 31 is meant as a bit, whatever C makes of it.
        if sign == b"-" and value == 0xFFFFFFFF80000000:
            value, sign = 0x80000000, b"+"
        if not (arch in NOT_KNOWN and NOT_KNOWN[arch].match(name.decode())):
            found[name.decode()] = (value, sign == b"-")
    return found, lacking


def header_exists(header):
    roots = [f"/usr/{include}/include" for _, include in MACHINES.values()] + [HERE]
    return any(os.path.exists(f"{root}/{header}") for root in roots)


def gather(units):
    """units: (headers, wanted). {name: {arch: (value, negative)}}; names that headers disagree on,
    or whose value needs a type that is nowhere defined, are left out, and told."""
    for headers, _ in units:
        for header in headers:
            if not header_exists(header):
                fail(f"{header}: no such header")
    table, conflicts, lacking = collections.defaultdict(dict), set(), set()
    with tempfile.TemporaryDirectory() as directory:
        for path, text in OVERLAY.items():
            os.makedirs(os.path.dirname(f"{directory}/{path}"), exist_ok=True)
            with open(f"{directory}/{path}", "w", encoding="ascii") as file:
                file.write(text)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = [(arch, headers, pool.submit(values, arch, directory, headers, wanted))
                    for headers, wanted in units for arch in MACHINES]
            for arch, headers, job in jobs:
                found, types_lacking = job.result()
                lacking |= types_lacking
                for name, value in found.items():
                    if table[name].setdefault(arch, value) != value:
                        conflicts.add(name)
                        print(f"{name}: {headers} disagrees on {arch}", file=sys.stderr)
    for name in sorted(lacking - set(table)):
        print(f"{name}: needs a type that no header defines", file=sys.stderr)
    return {name: found for name, found in table.items() if name not in conflicts}


def show(value):
    number, negative = value
    if negative:
        return str(number - (1 << 64))
    return str(number) if number < 1024 else hex(number)


def overrides(found):
    """The commonest value, then 'arch,arch=value' for each other one ('-': not defined there)."""
    counts = collections.Counter(found.values())
    usual = max(counts, key=lambda value: (counts[value], found.get("x86_64") == value))
    others = collections.defaultdict(list)
    for arch in MACHINES:
        if found.get(arch) != usual:
            others[show(found[arch]) if arch in found else "-"].append(arch)
    return [show(usual)] + [f"{patterns(archs)}={value}" for value, archs in others.items()]


def patterns(archs):
    """The list with 'mips*' for all that begin so."""
    for prefix in "mips", "parisc", "ppc", "s390", "sh":
        family = [arch for arch in MACHINES if arch.startswith(prefix)]
        if set(family) <= set(archs):
            archs = [arch for arch in archs if arch not in family] + [prefix + "*"]
    return ",".join(sorted(archs))


def write_rows(found, family, alias):
    for name, of_arch in sorted(found.items()):
        print("\t".join([name, family(name), alias(name)] + overrides(of_arch)))


def header(*lines):
    print("# SPDX-License-Identifier: Apache-2.0")
    for line in lines:
        print(f"# {line}")


def constants():
    family, texts = {}, {}

    def wanted(name, text):
        family[name] = families.family(name, text)
        texts.setdefault(name, text)
        return family[name] != ""

    def wanted_of(labels, names=()):
        return lambda name, text: ((name in names or families.family(name, text) in labels)
                                   and wanted(name, text))

    def wanted_ioctl(name, text):
        return families.is_ioctl(name, text) and wanted(name, text)

    def alias(name):
        other = families.ALIASES.get(name, texts.get(name))
        if name.endswith("_OLD"):
            other = name.removesuffix("_OLD")
        elif other == name + "_OLD":
            return "-"
        return other if other in found and family[other] == family[name] else "-"

    units = [(families.HEADERS, wanted),
             (families.MIXED_HEADERS, wanted_of(families.MIXED_FAMILIES)),
             (families.LIBC_HEADERS, wanted_of(families.LIBC_FAMILIES, families.LIBC_NAMES)),
             (families.IOCTL_HEADERS, wanted_ioctl),
             (families.KVM_HEADERS, wanted_ioctl)]
    found = gather(units)
    for name, (family[name], value) in families.INTERNAL.items():
        found[name] = dict.fromkeys(MACHINES, (value, False))

    header("Constants of the kernel's interface: name, family, the name it is another spelling of or -,",
           "value on most architectures, then where it differs (-: not defined). Made by extract.py; sorted.")
    write_rows(found, family.get, alias)


def errnos():
    texts = {}

    def wanted(name, text):
        if not re.fullmatch("E[A-Z0-9]+", name):
            return False
        texts.setdefault(name, text)
        return True

    found = gather([(["errno.h"], wanted)])
    header("Errors: name, family, the name it is another spelling of or -, value on most architectures, then",
           "where it differs (-: not defined). Made by extract.py; sorted.")
    write_rows(found, lambda name: "E", lambda name: texts[name] if texts[name] in found else "-")


def groups():
    text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter"], capture_output=True,
                          text=True, check=True).stdout
    found = collections.defaultdict(list)
    for line in text.splitlines():
        if line.startswith("@"):
            group = line[1:].strip()
        elif re.fullmatch(r" +[@\w-]+", line):
            found[group].append(line.strip().replace("@", "%"))
    if set(found) != set(families.GROUPS):
        fail("groups and their summaries do not match")
    with open(os.path.join(HERE, "syscalls.tsv"), encoding="ascii") as file:
        calls = {line.split("\t")[0] for line in file}
    header("Groups of system calls, as systemd's SystemCallFilter= has them: name, summary, members",
           "(%: a group), but for calls that only architectures outside syscalls.tsv have. Made by",
           "extract.py of Debian 12's systemd 252; sorted.")
    for group, members in sorted(found.items()):
        members = sorted(member for member in members if member in calls or member[0] == "%")
        print("\t".join([group, families.GROUPS[group]] + members))


if __name__ == "__main__":
    if sys.argv[1:] not in (["constants"], ["errnos"], ["groups"]):
        fail("usage: extract.py constants|errnos|groups")
    {"constants": constants, "errnos": errnos, "groups": groups}[sys.argv[1]]()
