"""Every address of the service."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularRedocView, SpectacularSwaggerView

from rest.health import HealthView
from rest.last_resort import unknown_route

urlpatterns = [
    path("api/auth/", include("auth_api.urls")),
    path("api/data/", include("data_api.urls")),
    path("api/strategies/", include("strategy_api.urls")),
    path("api/backtests/", include("backtest_api.urls")),
    path("api/production/strategies/", include("strategy_api.hardened_urls")),
    path("api/production/backtests/", include("backtest_api.hardened_urls")),
    path("api/trading/", include("trading.urls")),
    path("api/health/", HealthView.as_view(), name="health"),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/docs/redoc/", SpectacularRedocView.as_view(url_name="schema"), name="redoc"),
    path("admin/", admin.site.urls),
    re_path(r"^(?!static/)", unknown_route),
]
handler400 = "rest.last_resort.bad_request"
handler403 = "rest.last_resort.forbidden"
handler404 = "rest.last_resort.not_found"
handler500 = "rest.last_resort.server_error"
