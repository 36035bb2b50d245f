"""The group that all runs of a process stand in: where it is made, what it bounds, and that it goes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from Backtest.account import Account
from Backtest.errors import SandboxTooWeak
from Backtest.sandbox import cgroups
from Backtest.sandbox.cgroups import NO_GROUP, Hierarchy, groups_made_by, make_group
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.pool import Pool
from Backtest.sandbox.process import run_strategy_source
from Backtest.sandbox.selftest import IN_A_GROUP, self_test
from Backtest.sandbox.surroundings import Expectation, Surroundings
from tests.sandbox.conftest import HEAD

MEMORY = "memory_limit_of_all_runs"
HOG = "hog = bytearray(b'x') * ({} << 20)\n"


@pytest.fixture(scope="module")
def groups_can_be_made():
    group = make_group(None, 256)
    group.remove()
    if MEMORY not in group.layers:
        pytest.skip("this user may make no control group that bounds memory here")


@pytest.fixture
def pool(monkeypatch):
    """A pool of the test's own, of 700 MB for all of its runs."""
    own = Pool()
    own.surroundings = Surroundings(memory_of_all_runs_mb=700)
    for module in ("process", "selftest"):
        monkeypatch.setattr(f"Backtest.sandbox.{module}.POOL", own)
    yield own
    own.stop()


def run(code, window, memory_mb=4096):
    return run_strategy_source(SandboxJob(code, window, Account()), Limits(memory_mb=memory_mb))


def test_a_run_within_its_own_limit_is_ended_where_all_runs_together_would_exceed_theirs(
    groups_can_be_made, pool, window
):
    outcome = run(HOG.format(900), window)
    assert MEMORY in outcome.layers
    assert (outcome.status, outcome.limits_hit) == ("killed", ("memory_mb",))
    assert run(f"{HEAD}class Idle(Strategy):\n    init = next = lambda self: None\n", window).status == "completed"


def test_the_kernel_holds_the_zygote_and_its_runs_in_the_group(groups_can_be_made, pool, window):
    assert MEMORY in run("x = 1", window).layers
    member_of = Path(f"/proc/{pool.zygote_pid}/cgroup").read_text()
    assert f"/algoagent-{os.getpid()}-" in member_of


def test_the_group_goes_with_its_zygote(groups_can_be_made, pool, window):
    run("x = 1", window)
    before = groups_made_by(os.getpid())
    assert before
    pool.stop()
    assert groups_made_by(os.getpid()) < before


def test_a_group_whose_maker_was_killed_is_swept_by_the_next_one(groups_can_be_made):
    script = "from Backtest.sandbox.cgroups import make_group; import os; make_group(None, 256); print(os.getpid())"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert groups_made_by(int(ended.stdout))
    make_group(None, 256).remove()
    assert not groups_made_by(int(ended.stdout))


def test_the_self_test_tries_the_bounds_of_a_group(groups_can_be_made, pool):
    tried = {one.name: one for one in self_test().attempts}
    assert all(tried[name].held for name in IN_A_GROUP)


def test_a_bound_that_holds_nothing_is_not_said_to_hold():
    """Without a group the process of the trial takes what it likes: that the trial ends otherwise shows the bound."""
    assert Surroundings(cgroup="off").try_group() == {MEMORY: None, "process_limit_of_all_runs": None}


def test_switched_off_there_is_no_such_layer(pool, window):
    pool.surroundings = Surroundings(cgroup="off")
    assert MEMORY not in run("x = 1", window).layers
    assert Surroundings(cgroup="off").group() == NO_GROUP


def test_a_named_place_that_takes_no_group_is_refused_with_how_to_mend_it(pool, window, tmp_path):
    pool.surroundings = Surroundings(cgroup=str(tmp_path / "nowhere"))
    with pytest.raises(SandboxTooWeak, match="SANDBOX_CGROUP") as refused:
        run("x = 1", window)
    assert "Delegate=" in refused.value.issues[0].suggestion


def test_a_group_that_was_not_entered_counts_for_nothing():
    group = cgroups.Group("algoagent-1-ab", (Path("/sys/fs/cgroup/algoagent-1-ab"),), (MEMORY,))
    assert Expectation("none", group, group_required=False).layers() == ()
    with pytest.raises(RuntimeError, match="/sys/fs/cgroup"):
        Expectation("none", group, group_required=True).layers()


def test_what_the_zygote_is_told_survives_its_command_line():
    group = cgroups.Group("algoagent-1-ab", (Path("/a b/algoagent-1-ab"),), (MEMORY,))
    told = Expectation("bubblewrap", group, group_required=True)
    assert Expectation.from_argument(told.to_argument()) == told


V1 = """31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
35 31 0:32 {root} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime shared:9 - cgroup cgroup rw,pids
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
"""


def hierarchies(member_of, mountinfo):
    return list(cgroups._found(member_of, dict(cgroups._mounts(mountinfo))))


def test_each_hierarchy_of_version_1_has_its_own_place():
    member_of = "8:pids:/\n4:memory:/app/one\n1:cpu,cpuacct:/user\n0::/\n"
    assert hierarchies(member_of, V1.format(root="/")) == [
        Hierarchy(Path("/sys/fs/cgroup/pids"), ("pids",), False),
        Hierarchy(Path("/sys/fs/cgroup/memory/app/one"), ("memory",), False),
        Hierarchy(Path("/sys/fs/cgroup/cpu,cpuacct/user"), ("cpu",), False),
    ]


def test_in_a_container_the_mounted_group_is_where_paths_begin():
    (found,) = hierarchies("4:memory:/docker/abc/inner\n", V1.format(root="/docker/abc"))
    assert found.base == Path("/sys/fs/cgroup/memory/inner")


def test_in_the_unified_hierarchy_a_place_counts_where_it_has_the_memory_controller(tmp_path):
    mountinfo = f"41 31 0:38 / {tmp_path} rw - cgroup2 cgroup2 rw\n"
    own = tmp_path / "system.slice" / "algoagent.service"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("hugetlb\n")
    assert hierarchies("0::/system.slice/algoagent.service\n", mountinfo) == []
    (own / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    assert hierarchies("0::/system.slice/algoagent.service\n", mountinfo) == [
        Hierarchy(own, ("memory", "pids", "cpu"), True)
    ]


def test_a_delegated_parent_is_preferred(tmp_path):
    """systemd's Delegate= marks the service's group, DelegateSubgroup= puts its processes into one below."""
    mountinfo = f"41 31 0:38 / {tmp_path} rw - cgroup2 cgroup2 rw\n"
    service = tmp_path / "algoagent.service"
    (service / "server").mkdir(parents=True)
    (service / "cgroup.controllers").write_text("memory pids\n")
    try:
        os.setxattr(service, "user.delegate", b"1")
    except OSError:
        pytest.skip("the file system of temporary files keeps no such mark")
    assert hierarchies("0::/algoagent.service/server\n", mountinfo) == [Hierarchy(service, ("memory", "pids"), True)]
