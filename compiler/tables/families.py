# SPDX-License-Identifier: Apache-2.0
"""What extract.py looks for: which headers, and which family a name belongs to.

A family is the set of names that one argument takes, so that a value has one name in it: the
sub-commands of a prctl option are not of the family of the options.
"""

import re

# What is compiled together. The kernel's own headers that define constants; a libc's header among
# them would hide some, and show its own values of others (F_LOCK, O_LARGEFILE).
HEADERS = """
asm/termios.h linux/serial.h asm/ioctls.h asm/fcntl.h linux/fcntl.h asm/mman.h linux/mman.h
asm/prctl.h asm/ptrace.h asm/ptrace-abi.h asm/signal.h asm/siginfo.h asm/poll.h asm/resource.h
asm/socket.h asm/sockios.h asm/termbits.h linux/blktrace_api.h linux/fiemap.h linux/fs.h
linux/bpf.h linux/cdrom.h linux/close_range.h linux/eventpoll.h linux/fadvise.h linux/falloc.h
linux/fanotify.h linux/futex.h linux/hdreg.h linux/if_packet.h linux/if_tun.h linux/in.h
linux/in6.h linux/inotify.h linux/io_uring.h linux/ioprio.h linux/ipc.h linux/kcmp.h linux/kd.h
linux/kexec.h linux/keyctl.h linux/landlock.h linux/loop.h linux/membarrier.h linux/memfd.h
linux/mempolicy.h linux/module.h linux/mount.h linux/mqueue.h linux/msg.h linux/net.h
linux/netlink.h linux/openat2.h linux/perf_event.h linux/personality.h linux/pidfd.h
linux/prctl.h linux/ptrace.h linux/quota.h linux/random.h linux/reboot.h linux/resource.h
linux/rseq.h linux/sched.h linux/seccomp.h linux/sem.h linux/signalfd.h linux/socket.h
linux/sockios.h linux/stat.h linux/tcp.h linux/time.h linux/timerfd.h linux/udp.h linux/uio.h
linux/userfaultfd.h linux/vt.h linux/wait.h linux/xattr.h
""".split()

# Those that include libc's headers, and what is wanted of them.
MIXED_HEADERS = ["linux/if_pppox.h", "linux/shm.h", "linux/wireless.h", "scsi/scsi.h", "scsi/sg.h"]
MIXED_FAMILIES = {"IOCTL", "SHM", "SHMCTL"}

# The kernel's, but in no header that it installs: <linux/socket.h> has no AF_. And names that
# everybody writes for what the kernel's headers call MAP_ANONYMOUS, FASYNC, O_SYNC, SCHED_NORMAL.
LIBC_HEADERS = ["fcntl.h", "sched.h", "sys/eventfd.h", "sys/mman.h", "sys/mount.h", "sys/socket.h",
                "sys/swap.h", "unistd.h"]
LIBC_NAMES = {"MAP_ANON", "O_ASYNC", "O_RSYNC", "SCHED_OTHER"}
LIBC_FAMILIES = {"AF", "PF", "SOCK", "MSG", "SHUT", "SOL", "SPLICE_F", "MNT", "SWAP_FLAG", "ACCESS", "EFD"}

# In no header at all: include/linux/net.h of the kernel.
INTERNAL = {"SOCK_TYPE_MASK": ("SOCK", 0xF)}

# Headers whose ioctl numbers are of interest, and nothing else of theirs: what programs in
# containers and sandboxes ask of file systems, devices and virtual machines.
IOCTL_HEADERS = """
sys/socket.h asm/sockios.h drm/amdgpu_drm.h drm/drm.h drm/etnaviv_drm.h drm/i915_drm.h drm/lima_drm.h
drm/msm_drm.h drm/nouveau_drm.h drm/panfrost_drm.h drm/radeon_drm.h drm/v3d_drm.h drm/vc4_drm.h
drm/virtgpu_drm.h linux/auto_fs.h linux/blkpg.h linux/blkzoned.h linux/btrfs.h linux/cec.h
linux/dm-ioctl.h linux/dma-buf.h linux/dma-heap.h linux/dvb/ca.h linux/dvb/dmx.h
linux/dvb/frontend.h linux/dvb/net.h linux/f2fs.h linux/fb.h linux/fd.h linux/fscrypt.h
linux/fsmap.h linux/fsverity.h linux/fuse.h linux/gpio.h linux/hiddev.h linux/hidraw.h
linux/hpet.h linux/input.h linux/ipmi.h linux/joystick.h linux/kcov.h linux/kfd_ioctl.h
linux/lirc.h linux/media.h linux/msdos_fs.h linux/mtio.h linux/nbd.h linux/nsfs.h
linux/nvme_ioctl.h linux/ppdev.h linux/filter.h linux/ppp-ioctl.h linux/pps.h linux/ptp_clock.h
linux/rfkill.h linux/rpmsg.h linux/rtc.h linux/sed-opal.h linux/serio.h linux/soundcard.h
linux/spi/spidev.h linux/suspend_ioctls.h linux/sync_file.h linux/tee.h linux/udmabuf.h
linux/uinput.h linux/usb/cdc-wdm.h linux/usb/functionfs.h linux/usb/tmc.h linux/usbdevice_fs.h
linux/uvcvideo.h linux/v4l2-subdev.h linux/vfio.h linux/vhost.h linux/videodev2.h
linux/vtpm_proxy.h linux/watch_queue.h linux/watchdog.h misc/fastrpc.h mtd/mtd-abi.h mtd/ubi-user.h rdma/rdma_user_ioctl.h sound/asequencer.h sound/asound.h sound/compress_offload.h
linux/vm_sockets.h
""".split()
KVM_HEADERS = ["linux/kvm.h"]  # not on every architecture

# Other spellings that their own definition does not show as such.
ALIASES = {
    "AF_FILE": "AF_UNIX", "AF_LOCAL": "AF_UNIX", "AF_ROUTE": "AF_NETLINK",
    "MAP_ANON": "MAP_ANONYMOUS", "SCHED_OTHER": "SCHED_NORMAL",
    "PF_FILE": "PF_UNIX", "PF_LOCAL": "PF_UNIX", "PF_ROUTE": "PF_NETLINK", "PF_UNIX": "-",
}

IOCTL_TEXT = re.compile(r"\w*_?IO(W|R|WR|RW)?(_BAD)?\s*\(")

# First match wins. "" is no family: names that would be taken for members.
RULES = [(family, re.compile(pattern)) for family, pattern in [
    ("", r"\w+_(MAX|LAST|NR|MAXATTR|BASE_MINOR)|CLONE_ARGS_SIZE_\w+|MOUNT_ATTR_SIZE_\w+|MLOCK_LIMIT|POLLFREE"),
    ("", r"SIGEV_\w+_SIZE|TCP_(FLAG_\w+|RESERVED_BITS|DATA_OFFSET)|STATX_ATTR_\w+|FAN_(NO|E)PIDFD|PER_EM_MASK"),
    ("", r"FAN_EVENT_METADATA_LEN|KCMP_TYPES|RWF_WRITE_LIFE_NOT_SET|SYS_SECCOMP|IORING_OP_MAX"),
    ("", r"\w*_IOC(TL)?_?(MAGIC|BASE|TYPE)|IOC_\w+|IOC(IN|OUT|SIZE_\w+)|_IOC_\w+"),
    ("", r"TIOC(M|PKT|SER)_\w+|TIOCSER_TEMT|O_(RECOVER|UNLOCK)\w*|MAP_(TYPE)\b|SIG_(DFL|IGN|ERR)|SIGSTKSZ"),
    ("", r"(BLKTRACE|SG|VT)_(MAX|MIN|DEF|DEFAULT|FLAG|DXFER|INFO|INTERFACE|BIG|SCATTER)\w*|VT_(ACK\w*|AUTO|PROCESS|EVENT_\w+)"),
    ("AF", r"AF_[A-Z0-9_]+"),
    ("PF", r"PF_[A-Z0-9_]+"),
    ("SOCK", r"SOCK_(STREAM|DGRAM|RAW|RDM|SEQPACKET|DCCP|PACKET|NONBLOCK|CLOEXEC)"),
    ("IPPROTO", r"IPPROTO_\w+"),
    ("", r"NETLINK_(UN)?CONNECTED|NETLINK_SKB\w*"),
    ("NETLINK_OPT", r"NETLINK_(ADD_MEMBERSHIP|DROP_MEMBERSHIP|PKTINFO|BROADCAST_ERROR|NO_ENOBUFS|[RT]X_RING"
                    r"|LISTEN_ALL_NSID|LIST_MEMBERSHIPS|CAP_ACK|EXT_ACK|GET_STRICT_CHK)"),
    ("NETLINK", r"NETLINK_\w+"),
    ("O", r"O_[A-Z]\w+"),
    ("F_SEAL", r"F_SEAL_\w+"),
    ("F_OWNER", r"F_OWNER_\w+"),
    ("F_LOCK", r"F_(RD|WR|UN|EX|SH)LCK"),
    ("", r"F_(OK|LINUX_SPECIFIC_BASE)"),
    ("F", r"F_[A-Z0-9_]+"),
    ("FD", r"FD_CLOEXEC"),
    ("DN", r"DN_[A-Z]+"),
    ("LOCK", r"LOCK_(SH|EX|NB|UN|MAND|READ|WRITE|RW)"),
    ("DFD", r"AT_FDCWD"),
    ("AT", r"AT_[A-Z]\w+"),
    ("PROT", r"PROT_\w+"),
    ("MAP", r"MAP_\w+"),
    ("MADV", r"MADV_\w+"),
    ("MREMAP", r"MREMAP_\w+"),
    ("MCL", r"MCL_\w+"),
    ("MLOCK", r"MLOCK_\w+"),
    ("PKEY", r"PKEY_\w+"),
    ("MSYNC", r"MS_(ASYNC|SYNC|INVALIDATE)"),
    ("MS", r"MS_[A-Z]\w+"),
    ("MNT", r"MNT_(FORCE|DETACH|EXPIRE)|UMOUNT_NOFOLLOW"),
    ("CLONE", r"CLONE_\w+|CSIGNAL"),
    ("SCHED_FLAG", r"SCHED_FLAG_\w+"),
    ("SCHED", r"SCHED_[A-Z]\w+"),
    ("PR_SET_MM", r"PR_SET_MM_\w+"),
    ("PR", r"PR_((GET|SET|CAPBSET)_\w+|TASK_PERF_EVENTS_\w+|MCE_KILL|MCE_KILL_GET|MPX_\w+|CAP_AMBIENT"
           r"|S[VM]E_[GS]ET_VL|PAC_RESET_KEYS|PAC_[GS]ET_ENABLED_KEYS|SCHED_CORE)(?<!_ANY)(?<!ANON_NAME)"),
    ("PR_VALUE", r"PR_[A-Z]\w+"),
    ("ARCH", r"ARCH_\w+"),
    ("PTRACE_O", r"PTRACE_O_\w+"),
    ("PTRACE_EVENT", r"PTRACE_EVENT_\w+"),
    ("PTRACE_VALUE", r"PTRACE_(SYSCALL_INFO_\w+|GETFDPIC_\w+|SEIZE_DEVEL|PEEKSIGINFO_SHARED|EVENTMSG_\w+|RSEQ_\w+|VM86)"),
    ("PTRACE", r"PTRACE_[A-Z]\w+"),
    ("SIG_HOW", r"SIG_(BLOCK|UNBLOCK|SETMASK)"),
    ("SIGEV", r"SIGEV_\w+"),
    ("SIG", r"SIG[A-Z0-9]+"),
    ("SA", r"SA_[A-Z]\w+"),
    ("SS", r"SS_(ONSTACK|DISABLE|AUTODISARM)"),
    ("POLL", r"POLL[A-Z]+[A-Z_]*"),
    ("EPOLL_CTL", r"EPOLL_CTL_\w+"),
    ("EPOLL", r"EPOLL_CLOEXEC"),
    ("EPOLL_EVENT", r"EPOLL[A-Z]+"),
    ("EFD", r"EFD_\w+"),
    ("SFD", r"SFD_\w+"),
    ("TFD_TIMER", r"TFD_TIMER_\w+"),
    ("TFD", r"TFD_(CLOEXEC|NONBLOCK)"),
    ("RLIMIT", r"RLIMIT_\w+"),
    ("RLIM", r"RLIM(64)?_INFINITY"),
    ("PRIO", r"PRIO_(PROCESS|PGRP|USER)"),
    ("RUSAGE", r"RUSAGE_\w+"),
    ("ITIMER", r"ITIMER_\w+"),
    ("CLOCK", r"CLOCK_[A-Z]\w+"),
    ("TIMER", r"TIMER_ABSTIME"),
    ("FUTEX_OP", r"FUTEX_OP_\w+"),
    ("FUTEX_VALUE", r"FUTEX_(WAITERS|OWNER_DIED|TID_MASK|BITSET_MATCH_ANY|32|WAITV_\w+)"),
    ("FUTEX", r"FUTEX_[A-Z]\w+"),
    ("SECCOMP_MODE", r"SECCOMP_MODE_\w+"),
    ("SECCOMP_FLAG", r"SECCOMP_FILTER_FLAG_\w+"),
    ("SECCOMP_VALUE", r"SECCOMP_(ADDFD|USER_NOTIF)_FLAG_\w+"),
    ("SECCOMP_RET", r"SECCOMP_RET_\w+"),
    ("SECCOMP", r"SECCOMP_(SET_MODE|GET)_\w+"),
    ("KEYCTL_VALUE", r"KEYCTL_(CAPS\d_\w+|SUPPORTS_\w+|MOVE_EXCL)"),
    ("KEYCTL", r"KEYCTL_\w+"),
    ("KEY_SPEC", r"KEY_SPEC_\w+"),
    ("KEY_REQKEY", r"KEY_REQKEY_\w+"),
    ("", r"BPF_\w+"),  # the commands are found by the name of their enum
    ("PER", r"PER_[A-Z]\w+|UNAME26|ADDR_(NO_RANDOMIZE|COMPAT_LAYOUT|LIMIT_\w+)|MMAP_PAGE_ZERO|READ_IMPLIES_EXEC"
            r"|SHORT_INODE|WHOLE_SECONDS|STICKY_TIMEOUTS|FDPIC_FUNCPTRS"),
    ("S", r"S_I[A-Z]+"),
    ("SEEK", r"SEEK_\w+"),
    ("RWF", r"RWF_\w+"),
    ("RENAME", r"RENAME_\w+"),
    ("SYNC_FILE_RANGE", r"SYNC_FILE_RANGE_\w+"),
    ("ACCESS", r"[RWXF]_OK"),
    ("XATTR", r"XATTR_(CREATE|REPLACE)"),
    ("SPLICE_F", r"SPLICE_F_\w+"),
    ("POSIX_FADV", r"POSIX_FADV_\w+"),
    ("FALLOC_FL", r"FALLOC_FL_\w+"),
    ("GRND", r"GRND_\w+"),
    ("MFD", r"MFD_\w+"),
    ("STATX", r"STATX_[A-Z]\w+"),
    ("RESOLVE", r"RESOLVE_\w+"),
    ("CLOSE_RANGE", r"CLOSE_RANGE_\w+"),
    ("PIDFD", r"PIDFD_[A-Z_]+"),
    ("OPEN_TREE", r"OPEN_TREE_\w+"),
    ("MOVE_MOUNT", r"MOVE_MOUNT_\w+"),
    ("FSOPEN", r"FSOPEN_\w+"),
    ("FSPICK", r"FSPICK_\w+"),
    ("FSCONFIG", r"FSCONFIG_\w+"),
    ("FSMOUNT", r"FSMOUNT_\w+"),
    ("MOUNT_ATTR", r"MOUNT_ATTR_\w+"),
    ("SWAP_FLAG", r"SWAP_FLAG_\w+"),
    ("LANDLOCK", r"LANDLOCK_CREATE_\w+"),
    ("LANDLOCK_RULE", r"LANDLOCK_RULE_\w+"),
    ("LANDLOCK_ACCESS", r"LANDLOCK_ACCESS_\w+"),
    ("IORING_SETUP", r"IORING_SETUP_\w+"),
    ("IORING_ENTER", r"IORING_ENTER_\w+"),
    ("IORING_REG", r"IORING_(UN)?REGISTER_\w+"),
    ("IORING_OP", r"IORING_OP_\w+"),
    ("MEMBARRIER_FLAG", r"MEMBARRIER_CMD_FLAG_\w+"),
    ("MEMBARRIER", r"MEMBARRIER_CMD_\w+"),
    ("PERF_FLAG", r"PERF_FLAG_\w+"),
    ("MPOL_MF", r"MPOL_MF_\w+"),
    ("MPOL_F", r"MPOL_F_\w+"),
    ("MPOL", r"MPOL_[A-Z]\w+"),
    ("IOPRIO_CLASS", r"IOPRIO_CLASS_\w+"),
    ("IOPRIO", r"IOPRIO_WHO_\w+"),
    ("KCMP", r"KCMP_\w+"),
    ("RSEQ", r"RSEQ_FLAG_\w+"),
    ("KEXEC_ARCH", r"KEXEC_ARCH_\w+"),
    ("KEXEC", r"KEXEC_[A-Z]\w+"),
    ("MODULE_INIT", r"MODULE_INIT_\w+"),
    ("REBOOT_MAGIC", r"LINUX_REBOOT_MAGIC\w+"),
    ("REBOOT", r"LINUX_REBOOT_CMD_\w+"),
    ("Q", r"Q_[A-Z]+"),
    ("SHMCTL", r"SHM_(LOCK|UNLOCK|STAT|STAT_ANY|INFO)"),
    ("SHM", r"SHM_[A-Z]\w*"),
    ("SEMCTL", r"SEM_(STAT|STAT_ANY|INFO)|(GET|SET)(PID|VAL|ALL|NCNT|ZCNT)"),
    ("SEMOP", r"SEM_UNDO"),
    ("MSGCTL", r"MSG_(STAT|STAT_ANY|INFO)"),
    ("MSGRCV", r"MSG_(NOERROR|EXCEPT|COPY)"),
    ("IPC_FLAG", r"IPC_(CREAT|EXCL|NOWAIT)"),
    ("IPC_KEY", r"IPC_PRIVATE"),
    ("IPC", r"IPC_(RMID|SET|STAT|INFO)"),
    ("IPC_CALL", r"SEM(OP|GET|CTL|TIMEDOP)|MSG(SND|RCV|GET|CTL)|SHM(AT|DT|GET|CTL)"),
    ("SOCKETCALL", r"SYS_[A-Z0-9]+"),
    ("SO", r"SO_[A-Z]\w+"),
    ("SCM", r"SCM_\w+"),
    ("SOL", r"SOL_\w+"),
    ("TCP", r"TCP_[A-Z]\w+"),
    ("UDP", r"UDP_(CORK|ENCAP|NO_CHECK6_TX|NO_CHECK6_RX|SEGMENT|GRO)"),
    ("", r"IPV6_(TLV|SRCRT|PRIORITY|FL_|OPT_)\w+"),
    ("IPV6", r"IPV6_[A-Z]\w+"),
    ("IP", r"IP_[A-Z]\w+|MCAST_\w+"),
    ("PACKET", r"PACKET_[A-Z]\w+"),
    ("MSG", r"MSG_[A-Z]\w+"),
    ("SHUT", r"SHUT_\w+"),
    ("UFFD", r"UFFD_USER_MODE_ONLY"),
    ("IN", r"IN_(ACCESS|MODIFY|ATTRIB|CLOSE\w*|OPEN|MOVED?\w*|CREATE|DELETE\w*|UNMOUNT|Q_OVERFLOW|IGNORED|ONLYDIR"
           r"|DONT_FOLLOW|EXCL_UNLINK|MASK_\w+|ISDIR|ONESHOT|ALL_EVENTS|CLOEXEC|NONBLOCK)"),
    ("FAN_MARK", r"FAN_MARK_\w+"),
    ("FAN_INIT", r"FAN_(CLOEXEC|NONBLOCK|CLASS_\w+|UNLIMITED_\w+|ENABLE_AUDIT|REPORT_\w+|ALL_INIT_FLAGS|ALL_CLASS_BITS)"),
    ("", r"FAN_(EVENT_INFO|RESPONSE|ALLOW|DENY|NOFD|AUDIT|INFO)\w*"),
    ("FAN", r"FAN_[A-Z]\w+"),
    ("P", r"P_(ALL|PID|PGID|PIDFD)"),
    ("W", r"(W(NOHANG|UNTRACED|STOPPED|EXITED|CONTINUED|NOWAIT)|__W(NOTHREAD|ALL|CLONE))"),
    ("UIO", r"UIO_\w+"),
    ("TC", r"TC(OOFF|OON|IOFF|ION|IFLUSH|OFLUSH|IOFLUSH|SANOW|SADRAIN|SAFLUSH)"),
    ("IOCTL", r"TC(GET|SET)\w+|TC(XONC|SBRKP?|FLSH)|TIOC\w+|FIO\w+|SIOC\w+|BLK[A-Z]\w+|LOOP_(SET|CLR|GET|CHANGE|CONFIG|CTL)\w*"
              r"|VT_\w+|KD[A-Z]+\w*|[GP]IO_\w+|CDROM[A-Z_]+|HDIO_\w+|SG_\w+|SCSI_IOCTL_\w+"),
]]

# Our words for systemd's groups.
GROUPS = {
    "aio": "asynchronous input and output, io_uring among it",
    "basic-io": "reading, writing, seeking and closing of open files",
    "chown": "giving files to other users and groups",
    "clock": "setting of the system's clocks",
    "cpu-emulation": "running of other processor modes",
    "debug": "debuggers, tracing and performance counters",
    "default": "what every program needs to run at all",
    "file-system": "opening, making, naming and removing of files",
    "io-event": "waiting for events of descriptors",
    "ipc": "pipes, memory and queues shared between processes",
    "keyring": "keys that the kernel holds",
    "known": "all calls that systemd knows",
    "memlock": "keeping memory from being swapped",
    "module": "loading and removing of kernel modules",
    "mount": "mounting, unmounting and change of root",
    "network-io": "sockets of all kinds",
    "obsolete": "calls that are obsolete, unusual or not implemented",
    "pkey": "memory protection keys",
    "privileged": "what needs capabilities",
    "process": "making, running and ending of processes, and namespaces",
    "raw-io": "access to hardware ports and PCI space",
    "reboot": "restarting, and loading of another kernel",
    "resources": "scheduling, limits and placement of memory",
    "setuid": "change of user and group",
    "signal": "sending, catching and blocking of signals",
    "swap": "adding and removing of swap space",
    "sync": "writing out of data to storage",
    "system-service": "what an ordinary service needs",
    "timer": "timers and alarms",
}


def family(name, text):
    """The family of a macro with that text, or of an enumerator of 'enum TAG'; '' if none."""
    if text == "enum bpf_cmd":
        return "BPF"
    for label, pattern in RULES:
        if pattern.fullmatch(name):
            return label
    return "IOCTL" if is_ioctl(name, text) else ""


def is_ioctl(name, text):
    return bool(IOCTL_TEXT.match(text)) and not name.startswith("_")
