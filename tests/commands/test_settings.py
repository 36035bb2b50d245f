"""What a wrong setting says."""

from collections.abc import Callable
from pathlib import Path

from tests.commands.conftest import Printed

Manage = Callable[..., Printed]


def test_development_needs_no_settings(manage: Manage) -> None:
    assert manage("check").status == 0


def test_production_refuses_to_start_without_a_secret_key(manage: Manage) -> None:
    printed = manage("check", DEBUG="false")
    assert printed.status != 0
    assert "SECRET_KEY is not set" in printed.stderr


def test_a_limit_out_of_range_is_named(manage: Manage) -> None:
    assert "SANDBOX_CPU_S is 0: set it to a whole number from 1 to 3600." in manage("check", SANDBOX_CPU_S="0").stderr


def test_a_protection_that_does_not_exist_is_named(manage: Manage) -> None:
    printed = manage("check", SANDBOX_REQUIRE="network,disk")
    assert printed.status != 0
    assert "SANDBOX_REQUIRE names disk: it takes network, filesystem, syscalls, memory, or nothing." in printed.stderr


def test_production_that_requires_less_of_the_sandbox_is_warned_of(manage: Manage) -> None:
    printed = manage("check", "--deploy", SANDBOX_REQUIRE="network")
    assert "SANDBOX_REQUIRE does not name filesystem, syscalls" in printed.stderr


def test_an_outer_wall_that_does_not_exist_is_named(manage: Manage) -> None:
    printed = manage("check", SANDBOX_OUTER_WALL="docker")
    assert printed.status != 0
    assert "SANDBOX_OUTER_WALL is 'docker': it takes none, bubblewrap." in printed.stderr


def test_a_control_group_is_named_by_its_path(manage: Manage) -> None:
    printed = manage("check", SANDBOX_CGROUP="algoagent.slice")
    assert printed.status != 0
    assert "SANDBOX_CGROUP is 'algoagent.slice': it takes auto, off, or the absolute path" in printed.stderr


def test_memory_of_all_runs_below_that_of_one_is_found_by_check(manage: Manage) -> None:
    printed = manage("check", SANDBOX_MEMORY_MB="1024", SANDBOX_TOTAL_MEMORY_MB="1024")
    assert printed.status == 1
    assert "backtest_api.E005" in printed.stderr
    assert "Set it to 1536 at least" in printed.stderr


def test_a_clock_shorter_than_the_cpu_limit_is_found_by_check(manage: Manage) -> None:
    printed = manage("check", SANDBOX_CPU_S="60", SANDBOX_WALL_S="30")
    assert printed.status == 1
    assert "backtest_api.E002" in printed.stderr
    assert "HINT" in printed.stderr


def test_a_directory_that_can_t_be_written_to_is_found_by_check(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("")
    printed = manage("check", BACKTEST_RUNS_DIR=str(tmp_path / "a_file" / "runs"))
    assert printed.status == 1
    assert "backtest_api.E001" in printed.stderr


def test_without_backtesting_py_nothing_would_execute_a_strategy(manage: Manage) -> None:
    printed = manage("check", USE_BACKTESTING_PY="false")
    assert printed.status == 1
    assert "backtest_api.E003" in printed.stderr


def test_a_provider_that_does_not_exist_is_found_by_check(manage: Manage) -> None:
    printed = manage("check", LLM_PROVIDER="oracle")
    assert printed.status == 1
    assert "there is no provider 'oracle': known are offline, gemini" in printed.stderr


def test_a_model_that_can_t_be_asked_is_warned_of_and_stops_nothing(manage: Manage) -> None:
    printed = manage("check", LLM_PROVIDER="gemini", GEMINI_API_KEY="")
    assert printed.status == 0
    assert "needs a key: set GEMINI_API_KEY" in printed.stderr


def test_a_key_that_would_go_over_an_open_line_is_warned_of(manage: Manage) -> None:
    key = "sk-not-a-real-key-0123456789"
    settings = {"LLM_PROVIDER": "openai_compatible", "LLM_MODEL": "m", "LLM_API_KEY": key}
    printed = manage("check", LLM_BASE_URL="http://models.example.org/v1", **settings)
    assert "auth_api.W002" in printed.stderr
    assert key not in printed.stdout + printed.stderr
    assert "auth_api.W002" not in manage("check", LLM_BASE_URL="http://127.0.0.1:1/v1", **settings).stderr
