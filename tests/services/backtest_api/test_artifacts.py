"""Several who ask for a file that is not there yet all get it, and one file is kept."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from auth_api.models import User
from backtest_api.models import Artifact
from backtest_api.run_request import RunRequest
from backtest_api.services import ArtifactFile, artifact_open, backtest_quick_run
from rest.private_files import private_file_path
from tests.services.backtest_api.ideas import HOLD


def test_those_who_ask_at_once_get_the_same_file_and_one_is_kept(transactional_db: None, user: User) -> None:
    run = backtest_quick_run(user=user, request=RunRequest(code=HOLD, symbol="BTCUSD"))

    def ask(_: int) -> ArtifactFile:
        try:
            return artifact_open(user=user, run_id=run.pk, name="report.html")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        files = list(threads.map(ask, range(4)))
    assert len({file.content for file in files}) == 1
    [kept] = Artifact.objects.all()
    folder = private_file_path(kept.file_name).parent
    ours = [path for path in folder.iterdir() if path.read_bytes() == files[0].content]
    assert ours == [private_file_path(kept.file_name)]
