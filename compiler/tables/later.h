/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constants of kernels after Debian 12's (6.1), for extract.py to evaluate on each architecture; no
 * program includes this. Each block names its header under include/uapi and the first kernel.
 */

/* linux/fcntl.h */
#define F_SEAL_EXEC             0x0020  /* 6.3 */
#define F_DUPFD_QUERY           1027    /* 6.10 */
#define F_CREATED_QUERY         1028    /* 6.12 */
#define AT_HANDLE_FID           0x200   /* 6.5 */
#define AT_HANDLE_MNT_ID_UNIQUE 0x001   /* 6.12 */
#define AT_HANDLE_CONNECTABLE   0x002   /* 6.13 */
#define AT_EXECVE_CHECK         0x10000 /* 6.14 */

/* linux/prctl.h: 6.3, 6.4, 6.5, 6.10, 6.13, 6.15, 6.16 */
#define PR_SET_MDWE                   65
#define PR_MDWE_REFUSE_EXEC_GAIN      1
#define PR_GET_MDWE                   66
#define PR_SET_MEMORY_MERGE           67
#define PR_GET_MEMORY_MERGE           68
#define PR_GET_AUXV                   0x41555856
#define PR_RISCV_V_SET_CONTROL        69
#define PR_RISCV_V_GET_CONTROL        70
#define PR_RISCV_SET_ICACHE_FLUSH_CTX 71
#define PR_PPC_GET_DEXCR              72
#define PR_PPC_SET_DEXCR              73
#define PR_GET_SHADOW_STACK_STATUS    74
#define PR_SET_SHADOW_STACK_STATUS    75
#define PR_LOCK_SHADOW_STACK_STATUS   76
#define PR_TIMER_CREATE_RESTORE_IDS   77
#define PR_FUTEX_HASH                 78

/* linux/memfd.h: 6.3 */
#define MFD_NOEXEC_SEAL 0x0008
#define MFD_EXEC        0x0010

/* linux/mman.h: 6.11; asm/mman.h: 6.13 */
#define MAP_DROPPABLE      0x08
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103

/* linux/fs.h: 6.9, 6.11, 6.14, 6.18 */
#define RWF_NOAPPEND  0x00000020
#define RWF_ATOMIC    0x00000040
#define RWF_DONTCACHE 0x00000080
#define RWF_NOSIGNAL  0x00000100

/* linux/stat.h: 6.8, 6.10, 6.11, 6.14 */
#define STATX_MNT_ID_UNIQUE  0x00004000
#define STATX_SUBVOL         0x00008000
#define STATX_WRITE_ATOMIC   0x00010000
#define STATX_DIO_READ_ALIGN 0x00020000

/* linux/mount.h: 6.5, 6.6 */
#define MOVE_MOUNT_BENEATH       0x00000200
#define FSCONFIG_CMD_CREATE_EXCL 8

/* linux/futex.h: 6.7, 6.16 */
#define FUTEX2_SIZE_U8  0x00
#define FUTEX2_SIZE_U16 0x01
#define FUTEX2_SIZE_U32 0x02
#define FUTEX2_SIZE_U64 0x03
#define FUTEX2_NUMA     0x04
#define FUTEX2_MPOL     0x08
#define FUTEX2_PRIVATE  128

/* linux/pidfd.h: 6.9 */
#define PIDFD_THREAD               O_EXCL
#define PIDFD_SIGNAL_THREAD        1
#define PIDFD_SIGNAL_THREAD_GROUP  2
#define PIDFD_SIGNAL_PROCESS_GROUP 4

/* linux/landlock.h: 6.2, 6.7, 6.10 */
#define LANDLOCK_ACCESS_FS_TRUNCATE     (1ULL << 14)
#define LANDLOCK_ACCESS_FS_IOCTL_DEV    (1ULL << 15)
#define LANDLOCK_ACCESS_NET_BIND_TCP    (1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#define LANDLOCK_RULE_NET_PORT          2

/* linux/membarrier.h: 6.3; linux/mempolicy.h: 6.9; linux/sched.h: 6.12; linux/seccomp.h: 6.6 */
#define MEMBARRIER_CMD_GET_REGISTRATIONS (1 << 9)
#define MPOL_WEIGHTED_INTERLEAVE         6
#define SCHED_EXT                        7
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS    SECCOMP_IOW(4, __u64)

/* linux/bpf.h: 6.9, 6.17 */
#define BPF_TOKEN_CREATE           36
#define BPF_PROG_STREAM_READ_BY_FD 37
