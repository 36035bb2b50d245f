"""The service as an ASGI application: `uvicorn algoagent_api.asgi:application`."""

import os
import warnings
from typing import TYPE_CHECKING, cast

from django.core.asgi import get_asgi_application

from rest.body_limit import BodyLimit

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application

# Static files are whitenoise's, which streams them synchronously: each is small enough to be read whole.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "algoagent_api.settings")
application = BodyLimit(cast("ASGI3Application", get_asgi_application()))

from backtest_api.services import service_start  # noqa: E402 - the apps must be ready

service_start()
