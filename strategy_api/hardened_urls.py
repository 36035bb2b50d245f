from django.urls import path

from strategy_api import hardened_views as views

urlpatterns = [
    path("validate-schema/", views.ValidateSchemaView.as_view(), name="validate-schema"),
    path("validate-code/", views.ValidateCodeView.as_view(), name="validate-code"),
    path("sandbox-test/", views.SandboxTestView.as_view(), name="sandbox-test"),
]
