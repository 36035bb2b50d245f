"""Ways out of a sandbox, by family. Each function raises when it is stopped, and returns what it got hold of.

The text of this file is run as a strategy, with the scan off; it uses nothing but the standard library. `world` tells
where the server is and what it would be bad to reach: see escape_driver.py.
"""

import ctypes
import errno
import mmap
import os
import signal
import socket
import struct
import time

X86_64_CALLS = """
mount=165 ptrace=101 process_vm_readv=310 process_vm_writev=311 kcmp=312 pidfd_open=434 pidfd_getfd=438
memfd_create=319 memfd_secret=447 execveat=322 keyctl=250 add_key=248 request_key=249 bpf=321 userfaultfd=323
perf_event_open=298 unshare=272 setns=308 clone=56 clone3=435 fork=57 vfork=58 personality=135 modify_ldt=154
shmget=29 semget=64 msgget=68 mq_open=240 open_by_handle_at=304 fanotify_init=300 inotify_init1=294 fsopen=430
open_tree=428 pivot_root=155 chroot=161 swapon=167 reboot=169 init_module=175 sethostname=170 syslog=103 quotactl=179
settimeofday=164 clock_settime=227 rt_sigqueueinfo=129 tkill=200 pidfd_send_signal=424 sched_setattr=314
setpriority=141 ioprio_set=251 prlimit64=302 mlockall=151 capset=126 prctl=157 timer_create=222 seccomp=317
process_madvise=440 migrate_pages=256 move_pages=279 splice=275 vmsplice=278 mprotect=10 mmap=9 openat2=437 ioctl=16
kexec_load=246 acct=163 iopl=172 setxattr=188 io_uring_setup=425 io_uring_enter=426 io_uring_register=427
lsm_set_self_attr=460
"""
CALLS = {name: int(number) for name, number in (pair.split("=") for pair in X86_64_CALLS.split())}
LIBC = ctypes.CDLL(None, use_errno=True)
REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)
NEW_NAMESPACES = {"mount": 0x20000, "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x8000000}


def _call(name, *arguments):
    """A system call past every library; whatever the kernel says of its arguments, reaching it is an escape."""
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    ctypes.set_errno(0)
    result = LIBC.syscall(ctypes.c_long(CALLS[name]), *words)
    if result < 0 and ctypes.get_errno() in REFUSED:
        raise OSError(ctypes.get_errno(), name)
    return f"{name} gave {result}, errno {ctypes.get_errno()}"


# Other processes.


def trace_the_server(world):
    return _call("ptrace", 0x4206, world["pid"], 0, 0)


def be_traced(world):
    return _call("ptrace", 0, 0, 0, 0)


def read_the_servers_memory(world):
    place = ctypes.create_string_buffer(8)
    span = struct.pack("QQ", ctypes.addressof(place), 8)
    return _call("process_vm_readv", world["pid"], span, 1, span, 1, 0)


def write_the_servers_memory(world):
    return _call("process_vm_writev", world["pid"], None, 0, None, 0, 0)


def read_the_servers_environment(world):
    with open(f"/proc/{world['pid']}/environ", "rb") as file:
        return file.read()


def see_other_processes(world):
    return [entry for entry in os.listdir("/proc") if entry.isdigit() and int(entry) != os.getpid()]


def see_through_ones_own_root(world):
    with open("/proc/self/root/etc/passwd") as file:
        return file.read()


def take_a_descriptor_of_the_server(world):
    return _call("pidfd_getfd", 3, 0, 0), _call("pidfd_open", world["pid"], 0)


def compare_with_the_server(world):
    return _call("kcmp", world["pid"], os.getpid(), 0, 0, 0)


# Signals and priorities.


def signal_the_server(world):
    os.kill(world["pid"], 0)
    return "the server can be signalled"


def signal_the_parent(world):
    if os.getppid() == 0:
        raise ProcessLookupError("in a namespace of its own")
    os.kill(os.getppid(), 0)
    return "the parent can be signalled"


def signal_everyone(world):
    os.kill(-1, 0)
    return "everyone can be signalled"


def signal_a_sibling(world):
    for pid in (*range(2, 5000), *range(world["pid"] - 50, world["pid"] + 500)):
        try:
            if pid != os.getpid():
                os.kill(pid, 0)
                return pid
        except OSError:
            continue
    raise ProcessLookupError("none found")


def queue_a_signal(world):
    return _call("rt_sigqueueinfo", world["pid"], 0, ctypes.create_string_buffer(128))


def signal_a_thread(world):
    return _call("tkill", world["pid"], 0)


def signal_by_descriptor(world):
    return _call("pidfd_send_signal", 0, 0, None, 0)


def have_the_kernel_signal(world):
    import fcntl

    fcntl.fcntl(1, fcntl.F_SETOWN, world["pid"])
    return "F_SETOWN"


def slow_the_server_down(world):
    return _call("setpriority", 0, world["pid"], 19)


def limit_the_server(world):
    return _call("prlimit64", world["pid"], 0, struct.pack("QQ", 1000000, 1000000), None)


def raise_ones_own_limits(world):
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))
    return "RLIMIT_CPU"


def raise_ones_own_priority(world):
    os.nice(-5)
    return "nice -5"


# Processes, threads and programs.


def fork(world):
    if os.fork() == 0:
        os._exit(0)
    return "forked"


def fork_past_the_library(world):
    return _call("vfork") if world["outside"] is None else _refuse_outside()


def _refuse_outside():
    raise OSError(errno.EPERM, "not tried here")


def clone(world):
    return _call("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) if world["outside"] is None else _refuse_outside()


def clone_by_the_new_call(world):
    return _call("clone3", ctypes.create_string_buffer(88), 88) if world["outside"] is None else _refuse_outside()


def start_a_thread(world):
    import threading

    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    return "a thread"


def bomb_with_forks(world):
    children = []
    for _ in range(5 if world["outside"] else 1000):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        children.append(os.waitpid(pid, 0))
    return len(children)


def run_a_program(world):
    import subprocess

    return subprocess.run(["/bin/true"], check=True)


def run_a_program_in_place(world):
    if world["outside"]:
        _refuse_outside()
    os.execv("/bin/true", ["true"])  # noqa: S606


def run_a_program_by_spawning(world):
    return os.posix_spawn("/bin/true", ["true"], {})


def run_a_program_from_memory(world):
    descriptor = os.memfd_create("x")
    os.write(descriptor, b"#!/bin/true\n")
    return descriptor


def run_a_program_by_its_descriptor(world):
    return _call("execveat", 1, b"", None, None, 0x1000)


def make_memory_that_runs(world):
    return len(mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))


def make_written_memory_run(world):
    memory = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return _call("mprotect", address, 4096, 5)


def make_a_callback(world):
    if world["outside"]:
        _refuse_outside()
    memory = ctypes.create_string_buffer(8192)
    return _call("mprotect", ctypes.addressof(memory) & ~4095, 4096, 7)


# Odd corners of the kernel.


def set_up_a_ring(world):
    return _call("io_uring_setup", 4, ctypes.create_string_buffer(200))


def enter_a_ring(world):
    return _call("io_uring_enter", 0, 0, 0, 0, None, 0)


def use_the_key_ring(world):
    return _call("keyctl", 0, -3, 0)


def add_a_key(world):
    return _call("add_key", b"user", b"x", b"y", 1, -3)


def load_a_filter(world):
    return _call("bpf", 0, None, 0)


def handle_page_faults(world):
    return _call("userfaultfd", 1)


def count_events(world):
    return _call("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0)


def change_personality(world):
    return _call("personality", 0x0400000)


def change_segments(world):
    return _call("modify_ldt", 0, None, 0)


def hide_memory(world):
    return _call("memfd_secret", 0)


def lock_memory(world):
    return _call("mlockall", 1)


def change_own_traits(world):
    return _call("prctl", 4, 1, 0, 0, 0)


def add_a_system_call_filter(world):
    return _call("seccomp", 0, 99, None)


def advise_on_others_memory(world):
    return _call("process_madvise", -1, None, 0, 0, 0)


def move_pages(world):
    return _call("move_pages", 0, 0, None, None, None, 0)


def set_a_timer(world):
    return _call("timer_create", 1, None, ctypes.create_string_buffer(8))


def push_into_a_terminal(world):
    return _call("ioctl", 0, 0x5412, b"x")


def read_the_kernels_log(world):
    return _call("syslog", 10, 0, 0)


def restart_the_machine(world):
    return _call("reboot", 1, 2, 3, None)


def load_a_module(world):
    return _call("init_module", None, 0, b"")


def set_the_clock(world):
    return _call("clock_settime", 99, None)


def set_the_host_name(world):
    return _call("sethostname", b"", -1)


# Namespaces, mounts and rights.


def enter_new_namespaces(world):
    if world["outside"]:
        _refuse_outside()
    got = []
    for name, flag in NEW_NAMESPACES.items():
        try:
            got.append((name, _call("unshare", flag)))
        except OSError:
            continue
    return got or _refuse_outside()


def enter_the_servers_namespaces(world):
    return _call("setns", 1, 0)


def mount(world):
    if world["outside"]:
        _refuse_outside()
    return _call("mount", b"x", b"/", b"tmpfs", 0, None)


def mount_by_the_new_calls(world):
    return _call("fsopen", b"tmpfs", 0), _call("open_tree", -100, b"/", 0)


def change_root(world):
    if world["outside"]:
        _refuse_outside()
    return _call("chroot", b"/")


def open_by_handle(world):
    return _call("open_by_handle_at", -100, None, 0)


def become_root(world):
    os.setuid(0)
    if os.getuid() != 0:
        raise PermissionError
    return "root"


def take_capabilities(world):
    header = struct.pack("Ii", 0x20080522, 0)
    return _call("capset", header, struct.pack("6I", 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 0))


def watch_files(world):
    return _call("inotify_init1", 0)


def watch_all_files(world):
    return _call("fanotify_init", 0, 0)


# Network and sockets.


def connect_to_the_server(world):
    with socket.create_connection(("127.0.0.1", world["port"]), timeout=2) as connection:
        connection.send(b"x")
    return "connected"


def send_a_datagram(world):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as talker:
        talker.sendto(b"x", ("127.0.0.1", world["port"]))
    return "sent"


def connect_by_the_new_protocol(world):
    with socket.socket(socket.AF_INET6) as talker:
        return talker.fileno()


def listen(world):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
    return "listening"


def look_a_name_up(world):
    return socket.getaddrinfo("localhost", 80)


def connect_to_a_unix_socket(world):
    with socket.socket(socket.AF_UNIX) as talker:
        talker.connect(world["unix_path"])
    return "connected"


def connect_to_an_abstract_socket(world):
    with socket.socket(socket.AF_UNIX) as talker:
        talker.connect(world["abstract_name"])
    return "connected"


def make_a_pair_of_sockets(world):
    one, other = socket.socketpair()
    return one.close(), other.close()


def ask_the_kernel_about_the_network(world):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as asker:
        return asker.fileno()


def send_raw_packets(world):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as talker:
        return talker.fileno()


def reach_the_hypervisor(world):
    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as talker:
        return talker.fileno()


def use_the_kernels_ciphers(world):
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as talker:
        return talker.fileno()


# Shared memory and inherited descriptors.


def share_memory_by_key(world):
    return _call("shmget", 0x5EC2E7, 4096, 0o1666)


def share_semaphores(world):
    return _call("semget", 0x5EC2E7, 1, 0o1666)


def share_a_message_queue(world):
    return _call("msgget", 0x5EC2E7, 0o1666), _call("mq_open", b"x", 0o102, 0o600, None)


def share_memory_by_name(world):
    from multiprocessing.shared_memory import SharedMemory

    memory = SharedMemory(create=True, size=16)
    memory.close()
    memory.unlink()
    return "shared"


def use_inherited_descriptors(world):
    found = []
    for descriptor in range(3, 4096):
        try:
            kind = os.fstat(descriptor).st_mode >> 12
        except OSError:
            continue
        if kind != 1:  # a pipe: its own answer
            found.append((descriptor, kind))
    return found or _refuse_outside()


def see_more_than_one_pipe(world):
    pipes = []
    for descriptor in range(3, 4096):
        try:
            pipes.append(os.fstat(descriptor).st_ino)
        except OSError:
            continue
    return pipes if len(pipes) > 1 else _refuse_outside()


def reopen_ones_output(world):
    return os.open("/proc/self/fd/1", os.O_RDWR)


# Files.


def read_the_secret(world):
    with open(world["secret_path"]) as file:
        return file.read()


def read_the_settings(world):
    with open(f"{world['project']}/algoagent_api/settings.py") as file:
        return file.read(10)


def read_the_settings_by_import(world):
    import sys

    sys.path.insert(0, world["project"])
    import algoagent_api.settings

    return algoagent_api.settings


def read_the_database(world):
    with open(world["database_path"], "rb") as file:
        return file.read(16)


def read_other_users_strategies(world):
    return os.listdir(f"{world['project']}/Backtest/codes")


def read_the_passwords(world):
    with open("/etc/passwd") as file:
        return file.read(10)


def read_ones_own_memory_as_a_file(world):
    with open("/proc/self/mem", "r+b") as file:
        return file.fileno()


def list_the_root(world):
    known = {"root", "usr", "work", "opt", "home", "mnt", "srv", "var", "tmp"}
    entries = os.listdir("/")
    if set(entries) & {"etc", "proc", "sys", "dev", "boot"}:
        return entries
    return [entry for entry in entries if entry not in known and entry in ("etc", "bin")] or _refuse_outside()


def list_the_project(world):
    entries = os.listdir(world["project"])
    return entries if "manage.py" in entries else _refuse_outside()


def climb_out_by_dots(world):
    with open("../" * 20 + world["secret_path"].lstrip("/")) as file:
        return file.read()


def find_the_canary_in_memory(world):
    """The environment, the arguments, and all that the collector knows."""
    import gc
    import sys

    wanted = "CANA" + "RY-" + world["canary_digits"][::-1]
    texts = [*os.environ.values(), *sys.argv]
    for item in gc.get_objects():
        if type(item) is dict:
            texts += [value for value in list(item.values()) if type(value) is str]
        elif type(item) in (list, tuple):
            texts += [value for value in item if type(value) is str]
    return [text for text in texts if wanted in text] or _refuse_outside()


def write_a_mark(world):
    with open(f"{world['open_directory']}/mark", "w") as file:
        return file.write("x")


def append_to_a_file(world):
    return os.open(world["open_file"], os.O_WRONLY | os.O_APPEND)


def truncate_a_file(world):
    return os.truncate(world["open_file"], 0)


def change_a_files_mode(world):
    os.chmod(world["open_file"], 0o666)  # noqa: S103
    return "changed"


def remove_a_file(world):
    return os.unlink(f"{world['open_directory']}/removable")


def rename_a_file(world):
    return os.rename(world["open_file"], f"{world['open_directory']}/renamed")


def link_a_file(world):
    return os.link(world["open_file"], f"{world['open_directory']}/linked")


def link_by_name(world):
    return os.symlink("/etc/passwd", f"{world['open_directory']}/symlinked")


def make_a_directory(world):
    return os.mkdir(f"{world['open_directory']}/made")


def make_a_pipe_with_a_name(world):
    return os.mkfifo(f"{world['open_directory']}/fifo")


def set_an_attribute(world):
    return os.setxattr(world["open_file"], "user.x", b"y")


def touch_a_file(world):
    return os.utime(world["open_file"])


def make_a_file_without_a_name(world):
    return os.open(world["open_directory"], os.O_TMPFILE | os.O_RDWR)


def fill_the_disk(world):
    written = 0
    for directory in ("/tmp", "/var/tmp", "/dev/shm", ".", world["open_directory"]):  # noqa: S108
        for number in range(20):
            try:
                with open(f"{directory}/filler-{number}", "wb") as file:
                    written += file.write(b"x" * 1000)
                    if world["outside"]:
                        return written
            except OSError:
                break
    return written or _refuse_outside()


def poison_the_cache_of_a_library(world):
    import json

    path = os.path.join(os.path.dirname(json.__file__), "__pycache__", "poison.pyc")
    return os.open(path, os.O_WRONLY | os.O_CREAT)


def _report(name, world):
    try:
        found = globals()[name](world)
    except BaseException as error:  # noqa: BLE001
        print(f"STOPPED {type(error).__name__}: {error}", flush=True)  # noqa: T201
    else:
        print(f"ESCAPED {found!r:.300}", flush=True)  # noqa: T201
    time.sleep(0)
