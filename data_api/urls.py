from django.urls import path

from data_api import views

urlpatterns = [
    path("indicators/", views.IndicatorListView.as_view(), name="indicators"),
    path("sources/", views.SourceListView.as_view(), name="sources"),
    path("symbols/", views.SymbolListView.as_view(), name="symbols"),
    path("fetch/", views.FetchView.as_view(), name="fetch"),
    path("upload/", views.UploadView.as_view(), name="upload"),
    path("datasets/", views.DatasetListView.as_view(), name="datasets"),
    path("datasets/<uuid:dataset_id>/", views.DatasetView.as_view(), name="dataset"),
]
