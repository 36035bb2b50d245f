from django.urls import path

from backtest_api import hardened_views as views

urlpatterns = [
    path("validate-config/", views.ValidateConfigView.as_view(), name="validate-config"),
    path("run-sandbox/", views.RunSandboxView.as_view(), name="run-sandbox"),
]
