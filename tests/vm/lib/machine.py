# SPDX-License-Identifier: Apache-2.0
"""A virtual machine with pure cgroup v2, in which one command is run as root.

Debian's cloud kernel under QEMU without KVM. Its root is that of the host, read by virtiofsd, below an
overlay in memory: the guest sees the same paths, may write anywhere, and nothing of that reaches the host
but what it writes below shared directories. PID 1 is stage2.sh, or systemd.

What runs in it is emulated, and not always well: QEMU 7.2 loses the flags where a setcc to memory takes a
page fault, so that in a fresh child of fork() a branch on them may go the wrong way.
"""

import dataclasses
import glob
import lzma
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time

LIB = pathlib.Path(__file__).resolve().parent
VIRTIOFSD = "/usr/lib/qemu/virtiofsd"  # Debian 12: of qemu-system-common
MODULES = ("virtio_pci", "virtio_console", "virtio_blk", "virtiofs", "overlay")
DISK_MIB = 512


class Missing(Exception):
    """This host cannot start a machine."""


class Failed(Exception):
    """The machine ended without a result."""


@dataclasses.dataclass
class Request:
    command: list
    systemd: bool = False
    memory: int = 2048  # MiB
    cpus: int = 2
    limit: float = 600  # seconds for the whole of it
    shared: list = dataclasses.field(default_factory=list)  # directories, read-write at the same path
    env: dict = dataclasses.field(default_factory=dict)
    directory: str = "/"


def version_key(text):
    return [int(part) for part in re.findall(r"\d+", text)]


def find_kernel():
    """The newest of Debian's cloud kernels that has its modules here: (image, version)."""
    found = [image[len("/boot/vmlinuz-"):] for image in glob.glob("/boot/vmlinuz-*-cloud-*")]
    found = [version for version in found if os.path.exists(f"/lib/modules/{version}/modules.dep")]
    if not found:
        raise Missing("needs linux-image-cloud-amd64")
    version = max(found, key=version_key)
    return f"/boot/vmlinuz-{version}", version


def check_host():
    """Raises Missing with what a machine needs and this host has not."""
    if os.geteuid() != 0:
        raise Missing("needs root")
    for program in ("qemu-system-x86_64", "busybox", "cpio", "modprobe", VIRTIOFSD):
        if not shutil.which(program):
            raise Missing(f"needs {program}")
    find_kernel()


def module_files(version):
    """Paths of the modules and of what they depend on, in the order of loading."""
    files = []
    for module in MODULES:
        said = subprocess.run(["modprobe", "-S", version, "--show-depends", module], capture_output=True, text=True,
                              check=True).stdout
        files += re.findall(r"^insmod (\S+)", said, re.M)
    return list(dict.fromkeys(files))


def make_initrd(work, version):
    """busybox, the modules and stage1.sh as /init."""
    root = work / "initrd"
    for name in ("bin", "dev", "lower", "modules", "new", "proc", "sys", "upper"):
        (root / name).mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    (root / "bin/sh").symlink_to("busybox")
    shutil.copy(LIB / "stage1.sh", root / "init")
    os.chmod(root / "init", 0o755)
    for number, path in enumerate(module_files(version)):
        code = pathlib.Path(path).read_bytes()
        (root / f"modules/{number:02}.ko").write_bytes(lzma.decompress(code) if path.endswith(".xz") else code)
    listing = "\n".join(str(p.relative_to(root)) for p in sorted(root.rglob("*")))
    with open(work / "initrd.cpio", "wb") as out:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=listing.encode(), stdout=out, check=True)
    return work / "initrd.cpio"


def write_share(share, request):
    """What the guest mounts at /vm: its stages, and what it is asked for."""
    for name in ("stage2.sh", "command.service", "command.target"):
        shutil.copy(LIB / name, share / name)
    script = ["#!/bin/sh", ". /vm/environment"]
    environment = [f"export {name}={shlex.quote(value)}" for name, value in request.env.items()]
    (share / "environment").write_text("\n".join([*environment, ""]))
    script += [f"cd {shlex.quote(request.directory)}", f"exec setsid {shlex.join(request.command)}", ""]
    (share / "command").write_text("\n".join(script))
    (share / "init").write_text("systemd\n" if request.systemd else "plain\n")
    (share / "shared").write_text("".join(f"shared{i} {path}\n" for i, path in enumerate(request.shared)))
    for name in ("stage2.sh", "command"):
        os.chmod(share / name, 0o755)


class Machine:
    """The processes and files of one machine on the host, gone at the end of `with`."""

    def __init__(self, request):
        self.request = request
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="easyrun-vm-"))
        self.share = self.work / "share"
        self.share.mkdir()
        self.processes = []
        self.devices = []
        self.late = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        shutil.rmtree(self.work, ignore_errors=True)

    def serve(self, tag, directory, cache):
        """Starts a virtiofsd; the guest mounts the directory by its tag."""
        socket = self.work / f"{tag}.socket"
        with open(self.work / f"{tag}.log", "wb") as log:
            self.processes.append(subprocess.Popen(
                [VIRTIOFSD, "-f", f"--socket-path={socket}", "--rlimit-nofile=0", "-o",
                 f"sandbox=chroot,xattr,log_level=err,cache={cache},source={directory}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        self.devices += ["-chardev", f"socket,id={tag}-socket,path={socket}",
                         "-device", f"vhost-user-fs-pci,queue-size=512,chardev={tag}-socket,tag={tag}"]
        end = time.monotonic() + 20
        while not socket.exists():
            if time.monotonic() > end or self.processes[-1].poll() is not None:
                raise Failed(f"virtiofsd does not start: {(self.work / f'{tag}.log').read_text()}")
            time.sleep(0.02)

    def qemu(self, output):
        kernel, version = find_kernel()
        memory = self.request.memory
        disk = self.work / "disk"
        with open(disk, "wb") as file:
            file.truncate(DISK_MIB << 20)
        return ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max,la57=off",
                "-smp", str(self.request.cpus), "-m", str(memory),
                "-object", f"memory-backend-memfd,id=memory,size={memory}M,share=on", "-numa", "node,memdev=memory",
                "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                "-serial", f"file:{self.work / 'console'}",
                "-device", "virtio-rng-pci", "-device", "virtio-serial-pci",
                "-chardev", f"file,id=output,path=/dev/fd/{output},append=on",
                "-device", "virtserialport,chardev=output,name=output",
                "-drive", f"file={disk},if=none,id=disk,format=raw", "-device", "virtio-blk-pci,drive=disk",
                *self.devices, "-kernel", kernel, "-initrd", str(make_initrd(self.work, version)),
                "-append", "console=ttyS0 quiet panic=-1 mitigations=off nokaslr random.trust_cpu=on "
                           "systemd.unified_cgroup_hierarchy=1"]

    def expire(self, process):
        self.late = True
        process.kill()

    def boot(self, sink):
        """Runs the machine to its end; sink gets what the command writes, in pieces."""
        self.serve("root", "/", "always")
        self.serve("vm", self.share, "auto")
        for number, directory in enumerate(self.request.shared):
            self.serve(f"shared{number}", directory, "auto")
        output, writing = os.pipe()
        with open(self.work / "qemu.log", "wb") as log:
            process = subprocess.Popen(self.qemu(writing), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       pass_fds=[writing])
        self.processes.insert(0, process)
        os.close(writing)
        clock = threading.Timer(self.request.limit, self.expire, [process])
        clock.start()
        try:
            while piece := os.read(output, 1 << 16):
                sink(piece)
            process.wait()
        finally:
            clock.cancel()
            os.close(output)

    def status(self):
        """Exit status of the command."""
        try:
            return int((self.share / "status").read_text())
        except (OSError, ValueError):
            pass
        if self.late:
            raise Failed(f"time limit of {self.request.limit:g} s")
        logs = [self.work / "console", *sorted(self.work.glob("*.log"))]
        last = "".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())
        raise Failed(f"the machine ended without a result:\n{last}")


def run(request, sink):
    """Boots a machine, runs the command in it, returns its exit status."""
    check_host()
    with Machine(request) as machine:
        write_share(machine.share, request)
        machine.boot(sink)
        return machine.status()


def end_on_signals():
    """Being told to end is an exception, so that no process of a machine is left."""
    def stop(number, _):
        raise SystemExit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
